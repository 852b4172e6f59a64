namespace CnnService.Tests.Shared;

/// <summary>Real images and networks beside the checkout (<c>../shared/data</c>), which not every machine has.</summary>
internal static class SharedData
{
    private static readonly string Root = System.IO.Path.GetFullPath(System.IO.Path.Combine(Repository.Root, "..", "shared", "data"));

    /// <summary>The path of a file or folder in the shared data; skips the running test, visibly, where it is absent.</summary>
    public static string Path(params string[] parts)
    {
        var path = System.IO.Path.Combine([Root, .. parts]);
        if (!File.Exists(path) && !Directory.Exists(path))
        {
            Assert.Skip($"needs ../shared/data/{string.Join('/', parts)} beside the checkout");
        }

        return path;
    }
}
