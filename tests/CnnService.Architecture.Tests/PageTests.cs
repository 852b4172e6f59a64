using CnnService.Architecture.Tests.Rules;

namespace CnnService.Architecture.Tests;

/// <summary>The pages that people read.</summary>
public sealed class PageTests
{
    private const int MaxReadmeBytes = 8 * 1024;

    [Fact]
    public void Links_LeadSomewhere()
    {
        var root = Product.Root();
        var pages = Pages(root).ToArray();

        Assert.True(pages.Length > 30, string.Join(' ', pages));
        Assert.Empty(pages.SelectMany(page => PageLinks.Dead(root, page, File.ReadAllText(Path.Combine(root, page)))));
    }

    [Theory]
    [InlineData("[a](nowhere.md)", 1)]
    [InlineData("[a](#no-such-heading) and ![an image](missing.png)", 2)]
    [InlineData("# A heading, or two\n[a](#a-heading-or-two) [b](README.md) [c](src) [d](https://example.org/x.md)", 0)]
    public void DeadLinks_AreFound(string text, int count)
    {
        var root = Directory.CreateTempSubdirectory("cnnservice-pages-");
        try
        {
            File.WriteAllText(Path.Combine(root.FullName, "README.md"), text);
            root.CreateSubdirectory("src");

            Assert.Equal(count, PageLinks.Dead(root.FullName, "README.md", text).Count);
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }

    [Fact]
    public void Proofs_NamedInPages_Exist()
    {
        var root = Product.Root();
        var page = File.ReadAllText(Path.Combine(root, "src", "docs", "reliability.md"));

        Assert.Empty(NamedProofs.Missing(root, page));
        Assert.Equal(
            ["`test NoSuchTests", "`bench no-such"], NamedProofs.Missing(root, "`test NoSuchTests`, `bench no-such`, `bench mixed`"));
    }

    [Fact]
    public void Readme_IsReadInFiveMinutes() =>
        Assert.InRange(new FileInfo(Path.Combine(Product.Root(), "README.md")).Length, 2000, MaxReadmeBytes);

    [Fact]
    public void Decisions_HaveNumbersOfTheirOwn()
    {
        var numbers = Directory.EnumerateFiles(Path.Combine(Product.Root(), "src", "decisions"), "*.md")
            .Select(path => Path.GetFileName(path)[..4]).ToArray();

        Assert.Equal(numbers.Distinct().Order(), numbers.Order());
    }

    private static IEnumerable<string> Pages(string root) =>
        from folder in new[] { "", ".github", ".gallery", "src", "docker", "deploy", "tests" }
        let path = Path.Combine(root, folder)
        where Directory.Exists(path)
        from file in Directory.EnumerateFiles(
            path, "*.md", folder.Length == 0 ? SearchOption.TopDirectoryOnly : SearchOption.AllDirectories)
        let name = Path.GetRelativePath(root, file).Replace('\\', '/')
        where !name.Contains("/obj/", StringComparison.Ordinal) && !name.Contains("/bin/", StringComparison.Ordinal)
        select name;
}
