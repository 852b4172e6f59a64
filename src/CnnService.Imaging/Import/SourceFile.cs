namespace CnnService.Imaging.Import;

/// <summary>A file of the source: its content, or why it was rejected.</summary>
/// <param name="Path">With forward slashes, as in the source.</param>
/// <param name="Content">Null where it was rejected, and for a <see cref="Stream"/>.</param>
/// <param name="Refusal">Why it was rejected; null where it was not.</param>
internal sealed record SourceFile(string Path, byte[]? Content, string? Refusal)
{
    /// <summary>A file too large to be held: whoever takes it disposes of it. Null for others.</summary>
    public FileStream? Stream { get; init; }

    /// <summary>Whether it is no file but a folder, which may be empty.</summary>
    public bool IsFolder { get; init; }

    /// <summary>The label that came with an image out of a file that holds many; null for others.</summary>
    public KnownLabel? Known { get; init; }
}
