using System.IO.Compression;
using System.Text.Json;

namespace CnnService.Web.Tests.Cli;

/// <summary>cnn inspect.</summary>
public sealed class InspectCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Inspect_WithTheOptionsOfALayout_TellsClassesAndCounts()
    {
        using (var zip = ZipFile.Open(Path.Combine(_folder.Path, "birds.zip"), ZipArchiveMode.Create))
        {
            for (var i = 0; i < 6; i++)
            {
                using var stream = zip.CreateEntry($"x{i}-{(i < 4 ? "wren" : "Wren")}.png").Open();
                stream.Write(RedOrBlue.Image((byte)i, 0, 0));
            }
        }

        var (code, output, errors) = await CliProcess.RunAsync(
            _folder.Path, "inspect", "birds.zip", "--name-pattern", "-(?<label>\\w+)\\.", "--merge-case", "false", "--json");
        Assert.True(code == 0, errors);
        var inspection = JsonDocument.Parse(output).RootElement;
        Assert.Equal("names", inspection.GetProperty("layout").GetString());
        Assert.Equal(["Wren", "wren"], inspection.GetProperty("classes").EnumerateArray().Select(c => c.GetProperty("name").GetString()));

        var refused = await CliProcess.RunAsync(_folder.Path, "inspect", "birds.zip", "--layout", "kaggle");
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("received \"kaggle\"", refused.Errors, StringComparison.Ordinal);
    }
}
