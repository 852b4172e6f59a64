using System.Diagnostics;
using System.IO.Compression;
using System.Xml.Linq;
using CnnService.Tests.Shared;

namespace CnnService.Web.Tests.ClientPackage;

/// <summary>What others install: packed as the manual says, from what was built beside these tests.</summary>
[LongProof]
public sealed class PackageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("CnnService.Core", "CnnService.Core", "")]
    [InlineData("CnnService.Client", "CnnService.Client", "")]
    [InlineData("CnnService.Onnx", "CnnService.Onnx", "CnnService.Core")]
    public async Task Library_Packed_HasReadmeDocumentationAndLicence(string project, string assembly, string needs)
    {
        await PackAsync(project);

        await using var package = await ZipFile.OpenReadAsync(Directory.EnumerateFiles(_folder.Path, "*.nupkg").Single());
        var files = package.Entries.Select(entry => entry.FullName).ToArray();
        Assert.Superset(
            new HashSet<string> { "README.md", $"lib/net10.0/{assembly}.dll", $"lib/net10.0/{assembly}.xml" }, files.ToHashSet());
        await using var stream = await package.GetEntry($"{project}.nuspec")!.OpenAsync();
        var document = await XDocument.LoadAsync(stream, LoadOptions.None, TestContext.Current.CancellationToken);
        var metadata = document.Root!.Elements().First();
        string? Told(string name) => metadata.Elements().SingleOrDefault(element => element.Name.LocalName == name)?.Value;
        Assert.Equal(("README.md", "MIT"), (Told("readme"), Told("license")));
        Assert.InRange(Told("description")!.Length, 40, 300);
        Assert.Equal(needs.Length > 0, metadata.Descendants().Any(element => element.Attribute("id")?.Value == needs));
        Assert.DoesNotContain(files, file => file.Contains("resnet", StringComparison.OrdinalIgnoreCase)); // No weights of others.
    }

    [Fact]
    public async Task CommandLine_InstalledFromItsPackage_KnowsTheMachine()
    {
        await PackAsync("CnnService.Cli");
        var tools = Path.Combine(_folder.Path, "tools");

        var (installed, told) = await RunAsync(
            "dotnet", "tool", "install", "CnnService.Cli", "--tool-path", tools, "--source", _folder.Path);
        Assert.True(installed == 0, told);

        var (code, answer) = await RunAsync(Path.Combine(tools, "cnn"), "doctor");
        Assert.True(code == 0, answer);
        Assert.Contains("libtorch 2.", answer, StringComparison.Ordinal);
        Assert.Contains("resnet18-mlnet", answer, StringComparison.Ordinal);
    }

    private async Task PackAsync(string project)
    {
        var (code, output) = await RunAsync("dotnet", "pack", Path.Combine(Repository.Root, "src", project), "-c", Repository.Configuration,
            "--no-build", "--nologo", "-v", "quiet", "-o", _folder.Path);
        Assert.True(code == 0, output);
    }

    /// <summary>With packages and settings of its own, so that nothing of an earlier run is found.</summary>
    private async Task<(int ExitCode, string Output)> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _folder.Path,
        };
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_HOME"] = Path.Combine(_folder.Path, "home");
        if (arguments.Contains("install"))
        {
            start.Environment["NUGET_PACKAGES"] = Path.Combine(_folder.Path, "packages");
        }

        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, $"{await output}{await errors}");
    }
}
