using CnnService.Core.Models;

namespace CnnService.Web.Tests.Cli;

/// <summary>cnn import and what can be done with the folder it makes.</summary>
public sealed class ImportCommandTests : IDisposable
{
    private const string Network = """
        {"input":{"height":8,"width":8,"channels":3},"layers":[
          {"type":"conv2d","name":"look","filters":2,"kernelSize":1},
          {"type":"globalAveragePooling2d","name":"mean"},
          {"type":"dense","name":"choose","units":2}]}
        """;

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Import_WeightsOfANetwork_MakesAFolderThatClassifies()
    {
        Write("network.json", Network);
        Write("labels.txt", "red\nblue\n");
        WriteWeights();

        var (code, output, errors) = await CliProcess.RunAsync(
            _folder.Path, "import", "own.safetensors", "--out", "model", "--architecture", "network.json", "--labels", "labels.txt",
            "--preprocessing", "rescale");
        Assert.True(code == 0, errors);
        Assert.Contains("3 layers, 2 classes", output, StringComparison.Ordinal);
        Assert.Contains("4 tensors filled, 0 missing, 0 not used", output, StringComparison.Ordinal);

        await File.WriteAllBytesAsync(Path.Combine(_folder.Path, "sky.png"), RedOrBlue.Image(10, 0, 240),
            TestContext.Current.CancellationToken);
        var classified = await CliProcess.RunAsync(_folder.Path, "classify", "model", "sky.png");
        Assert.Matches(@"(?m)^sky\.png +blue +0\.974 +red 0\.026$", classified.Output); // 1/(1 + e^(4*(10-240)/255)) = 0.9736
        var again = await CliProcess.RunAsync(_folder.Path, "import", "own.safetensors", "--out", "model", "--architecture",
            "network.json");
        Assert.Equal(4, again.ExitCode);
        Assert.StartsWith("folder.exists", again.Errors, StringComparison.Ordinal);
        var replaced = await CliProcess.RunAsync(_folder.Path, "import", "own.safetensors", "--out", "model", "--architecture",
            "network.json", "--force");
        Assert.True(replaced.ExitCode == 0, replaced.Errors);
        Assert.DoesNotContain("\"blue\"", await File.ReadAllTextAsync(
            Path.Combine(_folder.Path, "model", "manifest.json"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_OfNothing_SaysSo()
    {
        var (code, _, errors) = await CliProcess.RunAsync(_folder.Path, "import", "none.onnx", "--out", "model");

        Assert.Equal(3, code);
        Assert.StartsWith("file.not-found", errors, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder.Path, name), text);

    private void WriteWeights()
    {
        var weights = new NamedWeights();
        weights.Add("look.weight", new([2, 3, 1, 1], [1, 0, 0, 0, 0, 1]));
        weights.Add("look.bias", new([2], [0, 0]));
        weights.Add("choose.weight", new([2, 2], [4, 0, 0, 4]));
        weights.Add("choose.bias", new([2], [0, 0]));
        using var stream = File.Create(Path.Combine(_folder.Path, "own.safetensors"));
        SafetensorsFile.Write(stream, weights);
    }
}
