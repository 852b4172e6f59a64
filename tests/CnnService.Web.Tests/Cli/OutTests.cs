namespace CnnService.Web.Tests.Cli;

/// <summary>--out overwrites nothing without --force, and says so before any work is done.</summary>
public sealed class OutTests : IDisposable
{
    private const string Own = "of somebody";

    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("pattern", "/nowhere", "conv_1", "0")]
    [InlineData("feature-map", "/nowhere", "/nowhere.png", "conv_1")]
    [InlineData("explain", "/nowhere", "/nowhere.png")]
    [InlineData("health", "shapes")]
    public async Task Out_AFileThatIsThere_IsRefusedAndUntouched(params string[] arguments)
    {
        var file = Write("picture.png");

        var refused = await CommandLineRun.RunAsync([.. arguments, "--out", file]);

        Assert.Equal(4, refused.ExitCode);
        Assert.StartsWith("file.exists: ", refused.Errors, StringComparison.Ordinal);
        Assert.Contains("--force", refused.Errors, StringComparison.Ordinal);
        Assert.Equal(Own, await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("train", "shapes")]
    [InlineData("starts", "resnet18-mlnet")]
    [InlineData("gallery", "pets")]
    public async Task Out_AFolderThatIsThere_IsRefusedAndUntouched(params string[] arguments)
    {
        var file = Write("manifest.json");

        var refused = await CommandLineRun.RunAsync([.. arguments, "--out", _folder.Path]);

        Assert.Equal(4, refused.ExitCode);
        Assert.StartsWith("folder.exists: ", refused.Errors, StringComparison.Ordinal);
        Assert.Equal([file], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Theory]
    [InlineData("train", "shapes")]
    [InlineData("starts", "resnet18-mlnet")]
    public async Task Force_OnAFolderThatHoldsNoModel_IsRefused(params string[] arguments)
    {
        var file = Write("letter.txt");

        var refused = await CommandLineRun.RunAsync([.. arguments, "--force", "--out", _folder.Path]);

        Assert.Equal(4, refused.ExitCode);
        Assert.StartsWith("folder.foreign: ", refused.Errors, StringComparison.Ordinal);
        Assert.Equal([file], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task Out_InAFolderThatIsNotThere_IsRefused()
    {
        var refused = await CommandLineRun.RunAsync(
            "pattern", "/nowhere", "conv_1", "--out", Path.Combine(_folder.Path, "none", "filter.png"));

        Assert.Equal(3, refused.ExitCode);
        Assert.StartsWith("folder.not-found: ", refused.Errors, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private string Write(string name)
    {
        var path = Path.Combine(_folder.Path, name);
        File.WriteAllText(path, Own);
        return path;
    }
}
