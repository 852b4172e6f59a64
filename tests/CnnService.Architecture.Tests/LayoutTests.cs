namespace CnnService.Architecture.Tests;

/// <summary>The top level is fixed: these names and dotfiles, nothing else.</summary>
public class LayoutTests
{
    private static readonly string[] TopLevel =
        ["CnnService.sln", "LICENSE", "README.md", "deploy", "docker", "docker-compose.yml", "src", "tests"];

    /// <summary>What a person's own run of the service leaves behind; git ignores it.</summary>
    private static readonly string[] Ignored = ["cnnservice-data"];

    [Fact]
    public void TopLevel_HoldsTheAgreedNamesOnly() => Assert.Equal(
        TopLevel,
        Directory.EnumerateFileSystemEntries(Product.Root())
            .Select(path => Path.GetFileName(path)!)
            .Where(name => !name.StartsWith('.') && !Ignored.Contains(name))
            .Order(StringComparer.Ordinal));
}
