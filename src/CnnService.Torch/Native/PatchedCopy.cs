using System.Security.Cryptography;
using CnnService.Core.Common;

namespace CnnService.Torch.Native;

/// <summary>
/// A copy of LibTorchSharp that an older libstdc++ may load. TorchSharp 0.107 is built with GCC 13, which puts a version need
/// (<c>GLIBCXX_3.4.32</c>) into every file that includes iostream, only to force linking; nothing relocates against the symbol.
/// </summary>
internal static class PatchedCopy
{
    internal const string Version = "GLIBCXX_3.4.32";
    internal const string Symbol = "_ZSt21ios_base_library_initv";

    /// <summary>Whether a load failed for this reason.</summary>
    internal static bool Helps(string message) => message.Contains(Version, StringComparison.Ordinal);

    /// <summary>Writes the copy unless it is there; its folder is named by its content. Returns its path.</summary>
    internal static string Ensure(string original, string cacheFolder)
    {
        var content = File.ReadAllBytes(original);
        ElfVersionNeed.Weaken(content, Version, Symbol);
        var folder = Path.Combine(cacheFolder, Convert.ToHexStringLower(SHA256.HashData(content))[..16]);
        var path = Path.Combine(folder, Path.GetFileName(original));
        if (!File.Exists(path) || !File.ReadAllBytes(path).AsSpan().SequenceEqual(content))
        {
            CreatePrivateFolder(folder);
            DurableFile.Write(path, content, $"{Environment.ProcessId}");
        }

        return path;
    }

    /// <summary>What is loaded from here runs as this user: nobody else may write to it.</summary>
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
