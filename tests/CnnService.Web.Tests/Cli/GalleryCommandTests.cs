using System.Text.RegularExpressions;
using CnnService.Tests.Shared;
using CnnService.Web.Tests.Work;

namespace CnnService.Web.Tests.Cli;

/// <summary>The gallery of a trained model, by a service and a command as users run them.</summary>
public sealed partial class GalleryCommandTests : IDisposable
{
    private static readonly byte[] Signature = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Gallery_OfATrainedModel_IsAPageWhoseImagesAreThereAndWhoseCallsGiveThem()
    {
        await using var service = await ServiceProcess.StartAsync(Path.Combine(_folder.Path, "data"));
        await service.ImportSampleAsync();
        var run = await service.StartAsync("/train", """{"dataset":"shapes","architecture":"lenet5","imageSize":32,"epochs":1}""");
        var trained = await service.UntilAsync($"/runs/{run}",
            now => now.GetProperty("finishedAt").ValueKind == System.Text.Json.JsonValueKind.String);
        Assert.Equal("succeeded", trained.GetProperty("state").GetString());

        var (exitCode, _, errors) = await CliProcess.RunAsync(_folder.Path, "gallery", "shapes", "--url", service.Url.ToString(),
            "--quick");

        Assert.True(exitCode == 0, errors);
        var page = await File.ReadAllTextAsync(Path.Combine(_folder.Path, "gallery", "README.md"), TestContext.Current.CancellationToken);
        var figures = Figure().Matches(page).Select(figure => (File: figure.Groups[1].Value, Call: figure.Groups[2].Value)).ToArray();
        Assert.Equal(
            ["network.png", "augmentation.png", "curves.png", "confusion.png", "maps.png", "kernels.png", "filters-conv_1.png",
                "filters-conv_2.png", "classes.png", "why.png", "projection.png"],
            figures.Select(figure => figure.File));
        foreach (var (file, call) in figures)
        {
            var bytes = await File.ReadAllBytesAsync(Path.Combine(_folder.Path, "gallery", file), TestContext.Current.CancellationToken);
            Assert.Equal(Signature, bytes[..8]);
            Assert.Equal(bytes,
                await service.Client.GetByteArrayAsync(ServiceClient.Relative(call), TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public async Task Gallery_WhereNothingAnswers_SaysSo()
    {
        var (exitCode, _, errors) = await CliProcess.RunAsync(_folder.Path, "gallery", "shapes", "--url", "http://127.0.0.1:9");
        var (wrong, _, told) = await CliProcess.RunAsync(_folder.Path, "gallery", "shapes", "--url", "localhost");

        Assert.Equal((1, 1), (exitCode, wrong));
        Assert.Contains("gallery.failed", errors, StringComparison.Ordinal);
        Assert.Contains("must be an address such as http://localhost:5000, received 'localhost'", told, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [GeneratedRegex(@"!\[[^\]]*\]\(([^)]+)\)\n\n`GET (/[^`]+)`")]
    private static partial Regex Figure();
}
