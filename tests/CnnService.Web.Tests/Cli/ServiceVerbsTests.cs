using System.Text.RegularExpressions;
using CnnService.Web.Tests.Work;

namespace CnnService.Web.Tests.Cli;

/// <summary>The verbs that a service carries out, and the gallery of one of its models.</summary>
public sealed partial class ServiceVerbsTests(TrainedService trained) : IClassFixture<TrainedService>, IDisposable
{
    private static readonly byte[] Signature = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Gallery_OfATrainedModel_IsAPageWhoseImagesAreThereAndWhoseCallsGiveThem()
    {
        var service = trained.Service;
        var (exitCode, output, errors) = await CliProcess.RunAsync(_folder.Path, "gallery", "shapes", "--url", service.Url.ToString(),
            "--quick", "--json");

        Assert.True(exitCode == 0, errors);
        var html = Path.Combine(_folder.Path, "gallery", "index.html");
        Assert.Equal(html, System.Text.Json.JsonDocument.Parse(output).RootElement.GetProperty("page").GetString());
        var page = await File.ReadAllTextAsync(Path.Combine(_folder.Path, "gallery", "README.md"), TestContext.Current.CancellationToken);
        var figures = Figure().Matches(page).Select(figure => (File: figure.Groups[1].Value, Call: figure.Groups[2].Value)).ToArray();
        Assert.Equal(
            ["network.png", "augmentation.png", "curves.png", "confusion.png", "maps.png", "kernels.png", "filters-conv_1.png",
                "filters-conv_2.png", "classes.png", "why.png", "projection.png"],
            figures.Select(figure => figure.File));
        Assert.Equal(
            figures.Select(figure => figure.File),
            HtmlImage().Matches(await File.ReadAllTextAsync(html, TestContext.Current.CancellationToken))
                .Select(image => image.Groups[1].Value));
        foreach (var (file, call) in figures)
        {
            var bytes = await File.ReadAllBytesAsync(Path.Combine(_folder.Path, "gallery", file), TestContext.Current.CancellationToken);
            Assert.Equal(Signature, bytes[..8]);
            Assert.Equal(bytes,
                await service.Client.GetByteArrayAsync(ServiceClient.Relative(call), TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public void Train_ByAService_FollowsTheRunAndTellsTheVersion()
    {
        Assert.True(trained.Training.ExitCode == 0, trained.Training.Output);
        Assert.Equal(
            ("succeeded", "shapes", 1),
            (trained.Training.Json.GetProperty("state").GetString(), trained.Training.Json.GetProperty("model").GetString(),
                trained.Training.Json.GetProperty("version").GetInt32()));
        Assert.Matches(@"(?m)^epoch 1: loss \d\.\d{4}, accuracy ", trained.Training.Errors);
    }

    [Fact]
    public async Task Train_ByAServiceWithWhatBelongsToFiles_IsRefused()
    {
        var refused = await CommandLineRun.RunAsync(
            "train", "shapes", "--url", trained.Url, "--out", "/nowhere/model", "--start-from", "/nowhere", "--threads", "2", "--json");

        Assert.Equal(2, refused.ExitCode);
        Assert.Equal(
            ["--out", "--start-from", "--threads"],
            refused.Json.GetProperty("problem").GetProperty("errors").EnumerateObject().Select(error => error.Name));
    }

    [Fact]
    public async Task Classify_ByAService_TellsTheSameFields()
    {
        var image = Write("shape.png", RedOrBlue.Image(200, 10, 10));
        var broken = Write("broken.png", [1, 2, 3]);

        var told = await CommandLineRun.RunAsync("classify", "shapes", image, broken, "--url", trained.Url, "--json");

        Assert.Equal(1, told.ExitCode);
        var results = told.Json.GetProperty("results").EnumerateArray().ToArray();
        Assert.Equal("shape.png", results[0].GetProperty("file").GetString());
        Assert.Equal(3, results[0].GetProperty("top").GetArrayLength());
        Assert.StartsWith("image.", results[1].GetProperty("error").GetProperty("code").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("explain", "shapes", "IMAGE", "--method", "occlusion")]
    [InlineData("feature-map", "shapes", "IMAGE", "conv_1", "0")]
    [InlineData("pattern", "shapes", "conv_1", "0", "--iterations", "16")]
    public async Task Drawing_ByAService_IsTheFileItDrew(params string[] arguments)
    {
        var image = Write("shape.png", RedOrBlue.Image(200, 10, 10));
        var target = Path.Combine(_folder.Path, "drawn.png");

        var told = await CommandLineRun.RunAsync(
            [.. arguments.Select(argument => argument == "IMAGE" ? image : argument), "--out", target, "--url", trained.Url]);

        Assert.True(told.ExitCode == 0, told.Errors);
        Assert.Equal(Signature, (await File.ReadAllBytesAsync(target, TestContext.Current.CancellationToken))[..8]);
    }

    [Fact]
    public async Task Recipes_AndStarts_ByAService_AreItsOwn()
    {
        var recipes = await CommandLineRun.RunAsync("recipes", "--url", trained.Url, "--json");
        var starts = await CommandLineRun.RunAsync("starts", "--url", trained.Url, "--json");

        Assert.Contains(
            "article", recipes.Json.GetProperty("items").EnumerateArray().Select(recipe => recipe.GetProperty("name").GetString()));
        Assert.Equal(0, starts.ExitCode);
        Assert.Equal(System.Text.Json.JsonValueKind.Array, starts.Json.GetProperty("items").ValueKind);
    }

    [Fact]
    public async Task Problem_OfAService_KeepsItsCodeAndItsKind()
    {
        var refused = await CommandLineRun.RunAsync("pattern", "nobody", "conv_1", "0", "--out", Path.Combine(_folder.Path, "x.png"),
            "--url", trained.Url);

        Assert.Equal(3, refused.ExitCode);
        Assert.StartsWith("model.not-found: ", refused.Errors, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task Gallery_WhereNothingAnswers_SaysSo()
    {
        var away = await CommandLineRun.RunAsync(
            "gallery", "shapes", "--url", "http://127.0.0.1:9", "--out", Path.Combine(_folder.Path, "gallery"));
        var wrong = await CommandLineRun.RunAsync(
            "gallery", "shapes", "--url", "localhost", "--out", Path.Combine(_folder.Path, "gallery"));

        Assert.Equal((6, 2), (away.ExitCode, wrong.ExitCode));
        Assert.Contains("service.unreachable: http://127.0.0.1:9 does not answer", away.Errors, StringComparison.Ordinal);
        Assert.Contains("must be an address such as http://localhost:5000, received 'localhost'", wrong.Errors, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    private string Write(string name, byte[] content)
    {
        var path = Path.Combine(_folder.Path, name);
        File.WriteAllBytes(path, content);
        return path;
    }

    [GeneratedRegex(@"!\[[^\]]*\]\(([^)]+)\)\n\n`GET (/[^`]+)`")]
    private static partial Regex Figure();

    [GeneratedRegex("<img src=\"([^\"]+)\"")]
    private static partial Regex HtmlImage();
}
