using System.Text.Json;
using CnnService.Core.Common;

namespace CnnService.Web.Artifacts;

/// <summary>
/// Where the files of a folder lie in a store: their contents follow each other through the objects, and one that does not fit into the
/// rest of an object goes on at the beginning of the next.
/// </summary>
/// <param name="Objects">The objects, in the order in which contents follow each other.</param>
/// <param name="Files">The files, by path.</param>
internal sealed record FileListing(IReadOnlyList<PackedObject> Objects, IReadOnlyList<PackedFile> Files)
{
    public static readonly FileListing Empty = new([], []);

    private readonly Lazy<Dictionary<string, PackedFile>> _byPath =
        new(() => Files.ToDictionary(file => file.Path, StringComparer.Ordinal));

    public long Bytes => Files.Sum(file => file.Bytes);

    public PackedFile? Find(string path) => _byPath.Value.GetValueOrDefault(path);

    /// <summary>The parts of a file, each within one object; none of an empty file.</summary>
    public IEnumerable<FilePart> PartsOf(PackedFile file)
    {
        var (at, offset, done) = (file.Object, file.Offset, 0L);
        while (done < file.Bytes)
        {
            var length = Math.Min(file.Bytes - done, Objects[at].Bytes - offset);
            if (length > 0)
            {
                yield return new(at, Objects[at].Key, offset, length, file, done);
            }

            (at, offset, done) = (at + 1, 0, done + length);
        }
    }

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(new Written(Objects, Files), CoreJson.Options);

    /// <exception cref="ArtifactsUnavailableException">The content is no listing.</exception>
    public static FileListing Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            var read = JsonSerializer.Deserialize<Written>(json, CoreJson.Options)!;
            return new(read.Objects, read.Files);
        }
        catch (JsonException failure)
        {
            throw new ArtifactsUnavailableException("A listing in the store of artifacts does not read.", failure);
        }
    }

    private sealed record Written(IReadOnlyList<PackedObject> Objects, IReadOnlyList<PackedFile> Files);
}

/// <summary>An object that holds contents of files.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Bytes">Its size.</param>
internal sealed record PackedObject(string Key, long Bytes);

/// <summary>A file of a folder.</summary>
/// <param name="Path">Below the folder, with slashes.</param>
/// <param name="Sha256">Of its content, hexadecimal.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Object">Index of the object in which it begins.</param>
/// <param name="Offset">Where in that object.</param>
internal sealed record PackedFile(string Path, string Sha256, long Bytes, int Object, long Offset);

/// <summary>A part of a file's content.</summary>
/// <param name="Object">Index of the object that holds it.</param>
/// <param name="Key">That object's key.</param>
/// <param name="Offset">Where in the object.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="File">The file.</param>
/// <param name="FileOffset">Where in the file.</param>
internal readonly record struct FilePart(int Object, string Key, long Offset, long Bytes, PackedFile File, long FileOffset);
