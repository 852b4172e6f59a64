using System.IO.Compression;

namespace CnnService.Benchmarks;

/// <summary>A folder packed as a user would upload it: one zip file, images stored as they are. Deleted on dispose.</summary>
internal sealed class Archive : IDisposable
{
    private Archive(string path) => Path = path;

    public string Path { get; }

    public static Archive Of(string folder)
    {
        var path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"cnnservice-{Guid.NewGuid():N}.zip");
        ZipFile.CreateFromDirectory(folder, path, CompressionLevel.NoCompression, includeBaseDirectory: true);
        return new Archive(path);
    }

    public void Dispose() => File.Delete(Path);
}
