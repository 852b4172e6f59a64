using System.Runtime.InteropServices;
using TorchSharp;

namespace CnnService.Torch.Native;

/// <summary>
/// Loads libtorch and its binding in the right order, before TorchSharp's first call. The dynamic loader resolves a dependency to a library
/// of that name already in the process, so what is loaded here takes precedence over every search path.
/// </summary>
internal static class NativeLibraries
{
    /// <summary>In dependency order; missing files (the CUDA parts) are skipped.</summary>
    private static readonly string[] Libtorch =
        ["libc10.so", LibtorchVersion.MainLibrary, "libc10_cuda.so", "libtorch_cuda.so", "libtorch.so"];

    /// <exception cref="DllNotFoundException">A library or a function of it is missing; the message is one sentence.</exception>
    internal static LoadedLibraries Load(TorchOptions options)
    {
        if (!OperatingSystem.IsLinux())
        {
            return new(AppContext.BaseDirectory, torch.__version__, Patched: false, CanLimitGpuMemory: false);
        }

        var binding = Binding.Find();
        var folder = options.LibraryPath.Length > 0 ? options.LibraryPath : Path.GetDirectoryName(binding)!;
        var version = LibtorchVersion.Require(folder);
        HostMemory.PreferLargePages();
        GpuMemoryLimit.Apply(folder, options.GpuMemoryShare);
        nint[] libraries = [.. Libtorch.Select(name => Path.Combine(folder, name)).Where(File.Exists).Select(NativeLibrary.Load)];
        RequireSymbols(binding, libraries, folder, version);
        RequireSingleLibtorch(folder, Path.GetDirectoryName(binding)!);
        Nnpack.DisableIfUnavailable(folder);
        var patched = Binding.Load(binding, options.CacheFolder);
        return new(folder, version, patched, GpuMemoryLimit.IsKnownTo(folder));
    }

    private static void RequireSymbols(string binding, nint[] libraries, string folder, string version)
    {
        var missing = BindingSymbols.Missing(BindingSymbols.Needed(File.ReadAllBytes(binding)), libraries);
        if (missing.Count > 0)
        {
            throw new MissingSymbolsException(folder, version, missing);
        }
    }

    /// <summary>
    /// TorchSharp also loads the libtorch in the program's folder by its path; if another one is configured, the process would have two.
    /// </summary>
    private static void RequireSingleLibtorch(string folder, string programFolder)
    {
        if (Path.GetFullPath(folder) != Path.GetFullPath(programFolder)
            && File.Exists(Path.Combine(programFolder, LibtorchVersion.MainLibrary)))
        {
            throw new DllNotFoundException(
                $"{TorchOptions.Section}:LibraryPath names {folder}, but the program's folder {programFolder} holds "
                + $"{LibtorchVersion.MainLibrary} too; a program that is built with -p:Libtorch=host or -p:Accelerator=cuda holds none.");
        }
    }
}

/// <param name="Folder">The folder of libtorch.</param>
/// <param name="Version">The version of libtorch, for example 2.10.0.</param>
/// <param name="Patched">Whether the binding is a patched copy, see <see cref="PatchedBinding"/>.</param>
/// <param name="CanLimitGpuMemory">Whether its allocator can be held to a share of the GPU's memory.</param>
internal sealed record LoadedLibraries(string Folder, string Version, bool Patched, bool CanLimitGpuMemory);
