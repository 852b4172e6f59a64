using System.Text.RegularExpressions;
using System.Xml.Linq;
using System.Xml.XPath;

namespace CnnService.Web.Api.OpenApi;

/// <summary>The XML documentation of the sources, as descriptions in OpenAPI take it.</summary>
internal static partial class XmlDocs
{
    /// <summary>
    /// The document with each line break of a text replaced by one space: where a comment is wrapped says nothing, and the indentation of
    /// its lines would be shown. Code is left as it is.
    /// </summary>
    /// <param name="file">What the compiler wrote beside an assembly.</param>
    public static XPathDocument Load(string file)
    {
        var document = XDocument.Load(file);
        foreach (var text in document.DescendantNodes().OfType<XText>().Where(text => text.Parent?.Name.LocalName != "code"))
        {
            text.Value = LineBreak.Replace(text.Value, " ");
        }

        using var reader = document.CreateReader();
        return new XPathDocument(reader);
    }

    [GeneratedRegex(@"\s*\n\s*")]
    private static partial Regex LineBreak { get; }
}
