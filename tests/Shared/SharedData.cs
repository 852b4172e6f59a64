using System.Runtime.CompilerServices;

namespace CnnService.Tests.Shared;

/// <summary>Real pictures and networks beside the checkout (<c>../shared/data</c>), which not every machine has.</summary>
internal static class SharedData
{
    private static readonly string? Root = Find(ThisFile());

    /// <summary>The path of a file or folder in the shared data; skips the running test, visibly, where it is absent.</summary>
    public static string Path(params string[] parts)
    {
        var path = Root is null ? null : System.IO.Path.Combine([Root, .. parts]);
        if (path is null || (!File.Exists(path) && !Directory.Exists(path)))
        {
            Assert.Skip($"needs ../shared/data/{string.Join('/', parts)} beside the checkout");
        }

        return path!;
    }

    private static string? Find(string start)
    {
        for (var folder = Directory.GetParent(start); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "CnnService.sln")))
            {
                var data = System.IO.Path.Combine(folder.FullName, "..", "shared", "data");
                return Directory.Exists(data) ? System.IO.Path.GetFullPath(data) : null;
            }
        }

        return null;
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
