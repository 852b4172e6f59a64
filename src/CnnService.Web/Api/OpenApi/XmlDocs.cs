using System.Text.RegularExpressions;
using System.Xml.Linq;
using System.Xml.XPath;

namespace CnnService.Web.Api.OpenApi;

/// <summary>Loads the compiler's XML documentation for use as OpenAPI descriptions.</summary>
internal static partial class XmlDocs
{
    /// <summary>
    /// Loads a file with each line break replaced by a single space, because descriptions would otherwise contain the indentation of
    /// wrapped comments. Code elements are unchanged.
    /// </summary>
    /// <param name="file">An assembly's XML documentation file.</param>
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
