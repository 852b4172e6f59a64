using System.Runtime.CompilerServices;

namespace CnnService.Tests.Shared;

/// <summary>The checkout these tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = Find(ThisFile());

    /// <summary>"Release" or "Debug": what this assembly was built as, and so what is run beside it.</summary>
    public static string Configuration =>
        AppContext.BaseDirectory.Contains($"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
            ? "Release"
            : "Debug";

    private static string Find(string start)
    {
        for (var folder = Directory.GetParent(start); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "CnnService.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No CnnService.sln above {start}.");
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
