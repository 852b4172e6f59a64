using System.Security.Cryptography;
using System.Text;

namespace CnnService.Imaging.Cache;

/// <summary>
/// Names the packs that images of a data set are looked for in. Images are known by the hashes of their files, so the data set's name only
/// keeps the packs of others out of the way.
/// </summary>
internal readonly record struct PackKey(string Dataset, int Height, int Width, int Channels)
{
    public const string Extension = ".pixels";

    public int BytesPerImage => Height * Width * Channels;

    /// <summary>All of them in a folder.</summary>
    public string[] FilesIn(string folder) => Directory.Exists(folder) ? Directory.GetFiles(folder, $"{Prefix}-*{Extension}") : [];

    /// <summary>The path of a further one.</summary>
    public string NewPathIn(string folder) => Path.Combine(folder, $"{Prefix}-{Guid.NewGuid():N}{Extension}");

    private string Prefix =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Dataset}|{Height}|{Width}|{Channels}")).AsSpan(0, 16));
}
