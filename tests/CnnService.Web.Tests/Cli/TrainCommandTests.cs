using System.Text.Json;
using CnnService.Tests.Shared;

namespace CnnService.Web.Tests.Cli;

public sealed class TrainCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Train_ARequestFileAndOptions_TrainsThatAndTheOptionsWin()
    {
        await File.WriteAllTextAsync(
            Path.Combine(_folder.Path, "request.json"),
            """{"architecture":"lenet5","epochs":9,"optimizer":{"name":"sgd","learningRate":0.05},"schedule":{"name":"cosine"}}""",
            TestContext.Current.CancellationToken);

        var (exitCode, output, errors) = await CliProcess.RunAsync(
            _folder.Path, "train", "shapes", "--out", "model", "--request", "request.json", "--epochs", "2", "--image-size", "32", "--set",
            "optimizer.momentum=0.5");

        Assert.True(exitCode == 0, errors);
        var lines = output.Split('\n');
        Assert.Equal(["epoch 1", "epoch 2"],
            lines.Where(line => line.StartsWith("epoch ", StringComparison.Ordinal)).Select(line => line[..7]));
        string[] parts = ["importing", "preparing", "epochs", "parity", "evaluating", "publishing"];
        Assert.Equal(parts, parts.OrderBy(part => Array.FindIndex(lines, line => line.StartsWith(part + ":", StringComparison.Ordinal))));
        Assert.All(parts, part => Assert.Contains(lines, line => line.StartsWith(part + ":", StringComparison.Ordinal)));
        Assert.DoesNotContain('\e', output);
        using var manifest = JsonDocument.Parse(
            await File.ReadAllTextAsync(Path.Combine(_folder.Path, "model", "manifest.json"), TestContext.Current.CancellationToken));
        Assert.Equal("lenet5", manifest.RootElement.GetProperty("architecture").GetString());
        Assert.Equal(32, manifest.RootElement.GetProperty("network").GetProperty("input").GetProperty("height").GetInt32());
        Assert.False(Directory.Exists(Path.Combine(_folder.Path, "model.work")));
    }

    [Fact]
    public async Task Train_BrokenRules_TellsEachAndTrainsNothing()
    {
        var (exitCode, _, errors) = await CliProcess.RunAsync(
            _folder.Path, "train", "shapes", "--out", "model", "--epochs", "0", "--set", "optimizer.name=lion", "--set", "colour=red",
            "--set", "seed");

        Assert.Equal(2, exitCode);
        Assert.All(
            ["epochs: must be between 1 and 10000, received 0", "optimizer.name: must be one of", "colour: is not a field here",
                "--set: must be field=value, received seed"],
            part => Assert.Contains(part, errors, StringComparison.Ordinal));
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    [LongProof]
    public async Task Train_StartFromAModelsFolder_GoesOnFromItsLayers()
    {
        var first = await CliProcess.RunAsync(_folder.Path, "train", "shapes", "--out", "first", "--architecture", "lenet5", "--image-size",
            "32", "--epochs", "1", "--json");
        Assert.True(first.ExitCode == 0, first.Errors);
        var told = JsonDocument.Parse(first.Output).RootElement; // Alone on standard output.
        Assert.Equal(Path.Combine(_folder.Path, "first"), told.GetProperty("folder").GetString());
        Assert.Equal(3, told.GetProperty("validation").GetProperty("classes").GetArrayLength());
        Assert.Contains("\nepoch 1: loss ", first.Errors, StringComparison.Ordinal);

        var (exitCode, _, errors) = await CliProcess.RunAsync(
            _folder.Path, "train", "shapes", "--out", "second", "--start-from", "first", "--epochs", "1", "--set", "startFrom.upTo=conv_1",
            "--set", "freeze=[\"conv_1\"]");

        Assert.True(exitCode == 0, errors);
        using var manifest = JsonDocument.Parse(
            await File.ReadAllTextAsync(Path.Combine(_folder.Path, "second", "manifest.json"), TestContext.Current.CancellationToken));
        Assert.Equal(
            ["conv_1", "pool", "classifier"],
            manifest.RootElement.GetProperty("network").GetProperty("layers").EnumerateArray()
            .Select(layer => layer.GetProperty("name").GetString()));
    }

    [Theory]
    [InlineData(2, "names a model of a service", "--set", "startFrom=shapes")]
    [InlineData(3, "There is no folder", "--start-from", "/nowhere")]
    public async Task Train_StartFromWhatIsNoFolder_IsRefused(int code, string rule, params string[] arguments)
    {
        var refused = await CommandLineRun.RunAsync(["train", "shapes", "--out", Path.Combine(_folder.Path, "model"), .. arguments]);

        Assert.Equal(code, refused.ExitCode);
        Assert.Contains(rule, refused.Errors, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task Train_FromWhatIsNotThere_SaysSo()
    {
        var refused = await CommandLineRun.RunAsync("train", "/nowhere.zip", "--out", Path.Combine(_folder.Path, "model"));

        Assert.Equal(3, refused.ExitCode);
        Assert.Contains("There is no file or folder '/nowhere.zip'.", refused.Errors, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }
}
