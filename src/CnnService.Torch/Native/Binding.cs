using System.Runtime.InteropServices;
using TorchSharp;

namespace CnnService.Torch.Native;

/// <summary>TorchSharp's native part, the library between its managed calls and libtorch.</summary>
internal static class Binding
{
    private const string Library = "libLibTorchSharp.so";

    /// <summary>The version of TorchSharp, for example 0.107.0.</summary>
    internal static string Version { get; } = typeof(torch).Assembly.GetName().Version?.ToString(3) ?? string.Empty;

    /// <summary>
    /// Its file: next to the program (published) or in the program's <c>runtimes</c> folder (built); the .NET host lists both as search
    /// directories.
    /// </summary>
    /// <exception cref="DllNotFoundException">There is none.</exception>
    internal static string Find()
    {
        var folders = (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "").Split(Path.PathSeparator)
            .Append(AppContext.BaseDirectory)
            .Append(Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native"));
        return folders.Where(folder => folder.Length > 0).Select(folder => Path.Combine(folder, Library)).FirstOrDefault(File.Exists)
            ?? throw new DllNotFoundException($"{Library} is missing from the program's folder {AppContext.BaseDirectory}.");
    }

    /// <summary>Loads it as it is, or as the copy for an older C++ library.</summary>
    /// <returns>Whether it is the copy.</returns>
    /// <exception cref="DllNotFoundException">It cannot be loaded.</exception>
    internal static bool Load(string path, string cacheFolder)
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
                + $"{Library} that runs with it cannot be kept in "
                + $"{cacheFolder} ({TorchOptions.Section}:CacheFolder): {failure.Message}",
                failure);
        }
    }
}
