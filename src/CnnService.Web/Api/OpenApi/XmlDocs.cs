using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using System.Xml.XPath;

namespace CnnService.Web.Api.OpenApi;

/// <summary>Loads the compiler's XML documentation for use as OpenAPI descriptions.</summary>
internal static partial class XmlDocs
{
    /// <summary>
    /// Loads a file with each line break replaced by a single space, because descriptions would otherwise contain the indentation of
    /// wrapped comments. Code elements are unchanged. References to code become names as JSON has them.
    /// </summary>
    /// <param name="file">An assembly's XML documentation file.</param>
    public static XPathDocument Load(string file)
    {
        var document = XDocument.Load(file);
        foreach (var reference in document.Descendants("see").Where(see => see.Attribute("cref") is not null).ToList())
        {
            reference.ReplaceWith(new XElement("c", NameOf(reference.Attribute("cref")!.Value)));
        }

        foreach (var text in document.DescendantNodes().OfType<XText>().Where(text => text.Parent?.Name.LocalName != "code"))
        {
            text.Value = LineBreak.Replace(text.Value, " ");
        }

        using var reader = document.CreateReader();
        return new XPathDocument(reader);
    }

    /// <summary>The name in JSON of what a reference such as <c>P:Namespace.Type.Property</c> names.</summary>
    private static string NameOf(string reference)
    {
        var name = reference.Split('(')[0].Split('.')[^1];
        return reference.StartsWith("T:", StringComparison.Ordinal) ? name : JsonNamingPolicy.CamelCase.ConvertName(name);
    }

    [GeneratedRegex(@"\s*\n\s*")]
    private static partial Regex LineBreak { get; }
}
