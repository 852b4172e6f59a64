using System.Security.Cryptography;
using CnnService.Core.Common;

namespace CnnService.Torch.Native;

/// <summary>
/// A copy of LibTorchSharp that works with an older libstdc++. TorchSharp 0.107 is built with GCC 13, which makes every object file that
/// includes iostream depend on <c>GLIBCXX_3.4.32</c>, only to force linking; no relocation refers to the symbol.
/// </summary>
internal static class PatchedBinding
{
    internal const string SymbolVersion = "GLIBCXX_3.4.32";
    internal const string Symbol = "_ZSt21ios_base_library_initv";

    /// <summary>Whether a load failed because of the missing symbol version.</summary>
    internal static bool IsNeeded(string message) => message.Contains(SymbolVersion, StringComparison.Ordinal);

    /// <summary>Writes the copy unless it exists, in a folder named by its SHA-256. Returns its path.</summary>
    /// <exception cref="BadImageFormatException">The file cannot be patched.</exception>
    internal static string Ensure(string original, string cacheFolder)
    {
        var content = File.ReadAllBytes(original);
        ElfVersionPatcher.MarkWeak(content, SymbolVersion, Symbol);
        var folder = Path.Combine(cacheFolder, Convert.ToHexStringLower(SHA256.HashData(content))[..16]);
        var path = Path.Combine(folder, Path.GetFileName(original));
        if (!File.Exists(path) || !File.ReadAllBytes(path).AsSpan().SequenceEqual(content))
        {
            CreatePrivateFolder(folder);
            DurableFile.Write(path, content, $"{Environment.ProcessId}");
        }

        return path;
    }

    /// <summary>A library loaded from here runs with this user's rights, so nobody else may write to the folder.</summary>
    private static void CreatePrivateFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
