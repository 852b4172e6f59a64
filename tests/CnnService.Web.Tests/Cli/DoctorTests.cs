using CnnService.Tests.Shared;

namespace CnnService.Web.Tests.Cli;

/// <summary>cnn doctor, with the libtorch that is built in and with others.</summary>
public sealed class DoctorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Doctor_OfThisBuild_TellsBothEngines()
    {
        var (code, output, errors) = await CliProcess.RunAsync(_folder.Path, "doctor");

        Assert.True(code == 0, errors);
        Assert.Matches(@"(?m)^training +ok +libtorch 2\.10 in \S+ on cpu, \d+ threads$", output);
        Assert.Matches("(?m)^serving +ok +models run on cpu$", output);
        Assert.Matches("(?m)^images +ok +the decoder works$", output);
    }

    [Fact]
    public async Task Doctor_WithAGpuThatIsNotThere_SaysSo()
    {
        var (code, output, _) = await CliProcess.RunAsync(_folder.Path, "doctor", "--Serving:Device=cuda");

        Assert.Equal(6, code);
        Assert.Matches(
            "(?m)^serving +lacks +serving.device-missing: Serving:Device is cuda, but ONNX Runtime has no GPU here: this build is for the "
            + "processor", output);
    }

    [Theory]
    [InlineData("2.9.1", "holds libtorch 2.9.1, but libtorch 2.10 or newer is needed.")]
    [InlineData("2.11.0", "The libtorch 2.11.0 in ")]
    public async Task Doctor_WithALibtorchThatDoesNotFit_SaysWhatItLacks(string version, string expected)
    {
        var (code, output, errors) = await CliProcess.RunAsync(_folder.Path, "doctor", $"--Torch:LibraryPath={Another(version)}");

        Assert.Equal(6, code);
        Assert.Contains("torch.unavailable: The tensor library cannot be loaded: ", output, StringComparison.Ordinal);
        Assert.Contains(expected, output, StringComparison.Ordinal);
        if (version == "2.11.0")
        {
            // The sentence, and each of the 1204 on a line of its own.
            Assert.Contains("lacks 1", output, StringComparison.Ordinal);
            Assert.Contains("\n  at::_ops::", errors, StringComparison.Ordinal);
        }
    }

    [Fact, LongProof] // Copies libtorch.
    public async Task Doctor_WithALibtorchThatFitsBesideTheOneThatIsBuiltIn_RefusesTheSecond()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder.Path, "torch", "lib")).FullName;
        var own = Path.GetDirectoryName(Directory.GetFiles(AppContext.BaseDirectory, "libtorch_cpu.so", SearchOption.AllDirectories)[0])!;
        foreach (var file in Directory.GetFiles(own, "lib*").Where(file => !file.Contains("LibTorchSharp", StringComparison.Ordinal)))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        var (code, output, _) = await CliProcess.RunAsync(_folder.Path, "doctor", $"--Torch:LibraryPath={folder}");

        Assert.Equal(6, code);
        Assert.Contains(
            "a program that is built with -p:Libtorch=host or -p:Accelerator=cuda holds none.", output, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>A folder that looks like a PyTorch of a version; its libraries load and have none of its functions.</summary>
    private string Another(string version)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder.Path, "torch", "lib")).FullName;
        var other = Directory.GetFiles(AppContext.BaseDirectory, "libe_sqlite3.so", SearchOption.AllDirectories)
            .First(file => !file.Contains("runtimes", StringComparison.Ordinal) || file.Contains("linux-x64", StringComparison.Ordinal));
        File.Copy(other, Path.Combine(folder, "libc10.so"));
        File.Copy(other, Path.Combine(folder, "libtorch_cpu.so"));
        File.WriteAllText(Path.Combine(_folder.Path, "torch", "version.py"), $"__version__ = '{version}'\n");
        return folder;
    }
}
