using System.Xml.Linq;

namespace CnnService.Architecture.Tests.Rules;

/// <summary>What a project file names: its references to other projects of ours and to packages.</summary>
internal sealed record ProjectFile(string Name, IReadOnlyList<string> Projects, IReadOnlyList<string> Packages)
{
    public static ProjectFile Read(string name, string xml)
    {
        var document = XDocument.Parse(xml);
        return new ProjectFile(
            name,
            [.. Included(document, "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/')))],
            [.. Included(document, "PackageReference")]);
    }

    private static IEnumerable<string> Included(XDocument document, string element) =>
        document.Descendants(element).Select(item => (string?)item.Attribute("Include")).OfType<string>();
}
