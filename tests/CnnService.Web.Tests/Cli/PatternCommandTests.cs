using System.Diagnostics;
using CnnService.Core.Models;

namespace CnnService.Web.Tests.Cli;

/// <summary>cnn pattern on a processor that NNPACK does not know: libtorch would say so before each convolution.</summary>
public sealed class PatternCommandTests : IDisposable
{
    /// <summary>Stands before libtorch's own; 51 is nnp_status_unsupported_hardware.</summary>
    private const string UnknownProcessor = "int nnp_initialize(void) { return 51; }";

    private const string Network = """
        {"input":{"height":8,"width":8,"channels":3},"layers":[
          {"type":"conv2d","name":"look","filters":2,"kernelSize":1},
          {"type":"globalAveragePooling2d","name":"mean"}]}
        """;

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Pattern_WhereNnpackCannotRun_IsDrawnWithoutALineOfComplaint()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/cc"), "needs a C compiler, to stand in for another processor");
        var library = await CompileAsync();
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "network.json"), Network, TestContext.Current.CancellationToken);
        WriteWeights();
        var imported = await CliProcess.RunAsync(_folder.Path, "import", "own.safetensors", "--out", "model", "--architecture",
            "network.json");
        Assert.True(imported.ExitCode == 0, imported.Errors);

        var (code, _, errors) = await CliProcess.RunAsync(
            _folder.Path, new() { ["LD_PRELOAD"] = library }, ["pattern", "model", "look", "0", "--out", "filter.png"]);

        Assert.Equal((0, string.Empty), (code, errors));
        Assert.True(File.Exists(Path.Combine(_folder.Path, "filter.png")));
    }

    public void Dispose() => _folder.Dispose();

    private async Task<string> CompileAsync()
    {
        var (source, library) = (Path.Combine(_folder.Path, "processor.c"), Path.Combine(_folder.Path, "processor.so"));
        await File.WriteAllTextAsync(source, UnknownProcessor, TestContext.Current.CancellationToken);
        using var compiler = Process.Start("/usr/bin/cc", ["-shared", "-fPIC", "-o", library, source]);
        await compiler.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, compiler.ExitCode);
        return library;
    }

    private void WriteWeights()
    {
        var weights = new NamedWeights();
        weights.Add("look.weight", new([2, 3, 1, 1], [1, 0, 0, 0, 0, 1]));
        weights.Add("look.bias", new([2], [0, 0]));
        using var stream = File.Create(Path.Combine(_folder.Path, "own.safetensors"));
        SafetensorsFile.Write(stream, weights);
    }
}
