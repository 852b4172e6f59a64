using System.Diagnostics;

namespace CnnService.Architecture.Tests;

/// <summary>docker/check-libraries.sh, on a folder with one library whose needs are known.</summary>
public sealed class ContainerLibrariesTests : IDisposable
{
    private const string Provider = "libonnxruntime_providers_cuda.so";

    private static readonly string Docker = Path.Combine(Product.Root(), "docker");
    private static readonly string[] ListOfTheImage = File.ReadAllLines(Path.Combine(Docker, "cuda-image.libraries"));

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cnn-libraries-");

    [Fact]
    public async Task Check_WhatTheImageHas_IsEnoughForALibraryOfThePublishedFolder()
    {
        Put("libSkiaSharp.so");
        Assert.Equal((0, "1 files have all they need\n"), await CheckAsync(ListOfTheImage));
    }

    [Fact]
    public async Task Check_ANeedThatIsNotListed_IsNamedWithTheFile()
    {
        var path = Put("libSkiaSharp.so");
        Assert.Equal((1, $"missing: libm.so.6, needed by {path}\n"), await CheckAsync(ListOfTheImage.Where(name => name != "libm.so.6")));
    }

    [Fact]
    public async Task Check_ANeedThatLiesInTheFolder_IsMet()
    {
        Put("libSkiaSharp.so");
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "libm.so.6"), "of another kind");
        Assert.Equal(0, (await CheckAsync(ListOfTheImage.Where(name => name != "libm.so.6"))).ExitCode);
    }

    /// <summary>ONNX Runtime's provider loads cuDNN late, so that the dynamic loader knows nothing of it.</summary>
    [Fact]
    public async Task Check_TheCudaProvider_NeedsCudnnToo()
    {
        var path = Put("libSkiaSharp.so", Provider);
        Assert.Equal((1, $"missing: libcudnn.so.9, needed by {path}\n"),
            await CheckAsync(ListOfTheImage.Where(name => name != "libcudnn.so.9")));
        Assert.Equal(0, (await CheckAsync(ListOfTheImage)).ExitCode);
    }

    [Fact]
    public async Task Check_OnThisHost_FindsWhatTheLoaderFinds()
    {
        Put("libSkiaSharp.so");
        Assert.Equal((0, "1 files have all they need\n"), await RunAsync("--here"));
    }

    [Fact]
    public async Task Check_AFolderWithoutLibraries_IsNoProof() => Assert.Equal(2, (await CheckAsync(ListOfTheImage)).ExitCode);

    public void Dispose() => _folder.Delete(recursive: true);

    private string Put(string library, string? name = null)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "ldd reads ELF files.");
        var path = Path.Combine(_folder.FullName, name ?? library);
        var source = Directory.GetFiles(AppContext.BaseDirectory, library, SearchOption.AllDirectories)
            .First(file => !file.Contains("runtimes") || file.Contains("linux-x64"));
        File.Copy(source, path);
        return path;
    }

    private async Task<(int ExitCode, string Output)> CheckAsync(IEnumerable<string> list)
    {
        var path = Path.Combine(_folder.FullName, "list.txt");
        await File.WriteAllLinesAsync(path, list);
        return await RunAsync(path);
    }

    private async Task<(int ExitCode, string Output)> RunAsync(string list)
    {
        var start = new ProcessStartInfo("bash", [Path.Combine(Docker, "check-libraries.sh"), list, _folder.FullName])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        await errors;
        return (process.ExitCode, await output);
    }
}
