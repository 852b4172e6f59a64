using System.Text.RegularExpressions;

namespace CnnService.Torch.Native;

/// <summary>The version of a libtorch, told by the files beside it before anything is loaded.</summary>
internal static partial class LibtorchVersion
{
    internal const string MainLibrary = "libtorch_cpu.so";

    /// <summary>The version that the binding is made for. A newer one is accepted if it has all functions that the binding calls.</summary>
    private static readonly Version MinVersion = new(2, 10);

    /// <summary>
    /// Python's torch states its version in <c>torch/version.py</c>, a libtorch archive in <c>build-version</c>. NuGet packages state none:
    /// they are pinned to the version that the binding is made for.
    /// </summary>
    /// <exception cref="DllNotFoundException">There is no libtorch, or one that is too old.</exception>
    internal static string Require(string folder)
    {
        if (!File.Exists(Path.Combine(folder, MainLibrary)))
        {
            throw new DllNotFoundException(
                $"The folder {folder} has no {MainLibrary}; {TorchOptions.Section}:LibraryPath names the lib folder of a PyTorch, "
                + $"{MinVersion} or newer.");
        }

        var stated = Stated(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(folder))!);
        return stated is null || Version.Parse(stated) >= MinVersion
            ? stated ?? MinVersion.ToString()
            : throw new DllNotFoundException($"The folder {folder} holds libtorch {stated}, but libtorch {MinVersion} or newer is needed.");
    }

    private static string? Stated(string parent)
    {
        foreach (var name in new[] { "version.py", "build-version" })
        {
            var path = Path.Combine(parent, name);
            if (File.Exists(path) && Pattern().Match(File.ReadAllText(path)) is { Success: true } match)
            {
                return match.Value;
            }
        }

        return null;
    }

    [GeneratedRegex(@"\d+\.\d+(\.\d+)?")]
    private static partial Regex Pattern();
}
