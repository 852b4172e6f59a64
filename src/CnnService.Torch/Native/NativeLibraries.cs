using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using TorchSharp;

namespace CnnService.Torch.Native;

/// <summary>
/// Loads libtorch and its binding in the right order, before TorchSharp's first call. The dynamic loader resolves a dependency to a library
/// of that name already in the process, so what is loaded here takes precedence over every search path.
/// </summary>
internal static partial class NativeLibraries
{
    private const string Binding = "libLibTorchSharp.so";
    private const string MainLibrary = "libtorch_cpu.so";
    private const string ExpectedVersion = "2.10";

    /// <summary>In dependency order; missing files (the CUDA parts) are skipped.</summary>
    private static readonly string[] Libtorch = ["libc10.so", MainLibrary, "libc10_cuda.so", "libtorch_cuda.so", "libtorch.so"];

    /// <exception cref="DllNotFoundException">A library is missing or has the wrong version; the message is one sentence.</exception>
    internal static LoadedLibraries Load(TorchOptions options)
    {
        if (!OperatingSystem.IsLinux())
        {
            return new(AppContext.BaseDirectory, torch.__version__, false);
        }

        var binding = FindBinding();
        var folder = options.LibraryPath.Length > 0 ? options.LibraryPath : Path.GetDirectoryName(binding)!;
        var version = RequireVersion(folder);
        RequireSingleLibtorch(folder, Path.GetDirectoryName(binding)!);
        HostMemory.PreferLargePages();
        foreach (var path in Libtorch.Select(name => Path.Combine(folder, name)).Where(File.Exists))
        {
            NativeLibrary.Load(path);
        }

        Nnpack.DisableIfUnavailable(folder);
        var patched = LoadBinding(binding, options.CacheFolder);
        return new(folder, version, patched);
    }

    private static bool LoadBinding(string path, string cacheFolder)
    {
        try
        {
            NativeLibrary.Load(path);
            return false;
        }
        catch (DllNotFoundException failure) when (PatchedBinding.IsNeeded(failure.Message))
        {
            NativeLibrary.Load(Patch(path, cacheFolder));
            return true;
        }
    }

    private static string Patch(string path, string cacheFolder)
    {
        try
        {
            return PatchedBinding.Ensure(path, cacheFolder);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new DllNotFoundException(
                $"This host's C++ library is older than {PatchedBinding.SymbolVersion}, and the copy of "
                + $"{Binding} that runs with it cannot be kept in "
                + $"{cacheFolder} ({TorchOptions.Section}:CacheFolder): {failure.Message}",
                failure);
        }
    }

    /// <summary>
    /// Next to the program (published) or in its <c>runtimes</c> folder (built); the .NET host lists both as search directories.
    /// </summary>
    private static string FindBinding()
    {
        var folders = (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "").Split(Path.PathSeparator)
            .Append(AppContext.BaseDirectory)
            .Append(Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native"));
        return folders.Where(folder => folder.Length > 0).Select(folder => Path.Combine(folder, Binding)).FirstOrDefault(File.Exists)
            ?? throw new DllNotFoundException($"{Binding} is missing from the program's folder {AppContext.BaseDirectory}.");
    }

    /// <summary>
    /// Python's torch states its version in <c>torch/version.py</c>, a libtorch archive in <c>build-version</c>. NuGet packages state none:
    /// they are pinned to the expected version.
    /// </summary>
    private static string RequireVersion(string folder)
    {
        if (!File.Exists(Path.Combine(folder, MainLibrary)))
        {
            throw new DllNotFoundException($"The folder {folder} has no {MainLibrary}.");
        }

        var version = StatedVersion(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(folder))!) ?? ExpectedVersion;
        return version == ExpectedVersion || version.StartsWith(ExpectedVersion + ".", StringComparison.Ordinal)
            ? version
            : throw new DllNotFoundException($"The folder {folder} holds libtorch {version}, but libtorch {ExpectedVersion} is needed.");
    }

    private static string? StatedVersion(string parent)
    {
        foreach (var name in new[] { "version.py", "build-version" })
        {
            var path = Path.Combine(parent, name);
            if (File.Exists(path) && VersionPattern().Match(File.ReadAllText(path)) is { Success: true } match)
            {
                return match.Value;
            }
        }

        return null;
    }

    /// <summary>
    /// TorchSharp also loads the libtorch in the program's folder by its path; if another one is configured, the process would have two.
    /// </summary>
    private static void RequireSingleLibtorch(string folder, string programFolder)
    {
        if (Path.GetFullPath(folder) != Path.GetFullPath(programFolder) && File.Exists(Path.Combine(programFolder, MainLibrary)))
        {
            throw new DllNotFoundException(
                $"{TorchOptions.Section}:LibraryPath names {folder}, but the program's folder {programFolder} holds {MainLibrary} too; "
                + "a program built with Accelerator=host holds none.");
        }
    }

    [GeneratedRegex(@"\d+\.\d+(\.\d+)?")]
    private static partial Regex VersionPattern();
}

/// <param name="Folder">The folder of libtorch.</param>
/// <param name="Version">The version of libtorch, for example 2.10.0.</param>
/// <param name="Patched">Whether the binding is a patched copy, see <see cref="PatchedBinding"/>.</param>
internal sealed record LoadedLibraries(string Folder, string Version, bool Patched);
