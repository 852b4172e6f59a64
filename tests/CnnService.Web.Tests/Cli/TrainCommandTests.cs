using System.Text.Json;

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
        Assert.Equal(["epoch 1", "epoch 2"],
            output.Split('\n').Where(line => line.StartsWith("epoch", StringComparison.Ordinal)).Select(line => line[..7]));
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

        Assert.Equal(1, exitCode);
        Assert.All(
            ["epochs: must be between 1 and 10000, received 0", "optimizer.name: must be one of", "colour: is not a field here",
                "--set: must be field=value, received seed"],
            part => Assert.Contains(part, errors, StringComparison.Ordinal));
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task Train_StartFromAModelsFolder_GoesOnFromItsLayers()
    {
        var first = await CliProcess.RunAsync(_folder.Path, "train", "shapes", "--out", "first", "--architecture", "lenet5", "--image-size",
            "32", "--epochs", "1");
        Assert.True(first.ExitCode == 0, first.Errors);

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
    [InlineData("names a model of a service", "--set", "startFrom=shapes")]
    [InlineData("There is no folder", "--start-from", "nowhere")]
    public async Task Train_StartFromWhatIsNoFolder_IsRefused(string rule, params string[] arguments)
    {
        var (exitCode, _, errors) = await CliProcess.RunAsync(_folder.Path, ["train", "shapes", "--out", "model", .. arguments]);

        Assert.Equal(1, exitCode);
        Assert.Contains(rule, errors, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task Train_FromWhatIsNotThere_SaysSo()
    {
        var (exitCode, _, errors) = await CliProcess.RunAsync(_folder.Path, "train", "nowhere.zip", "--out", "model");

        Assert.Equal(1, exitCode);
        Assert.Contains("There is no file or folder 'nowhere.zip'.", errors, StringComparison.Ordinal);
    }
}
