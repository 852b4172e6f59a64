using CnnService.Core.Datasets;

namespace CnnService.Imaging.Import;

/// <summary>A file that is being imported into a data set.</summary>
/// <param name="Number">Its index in the source, from 0.</param>
/// <param name="Path">As in the source.</param>
/// <param name="Id">Its id in the data set.</param>
/// <param name="Sha256">Of the file, hex.</param>
/// <param name="Header">Format and size; default where it was rejected.</param>
/// <param name="Refusal">Why it was rejected; null where it was accepted.</param>
internal sealed record ImportedImage(int Number, string Path, string Id, string Sha256, ImageHeader Header, string? Refusal)
{
    /// <summary>The label that came with it; null where its path or a table says it.</summary>
    public KnownLabel? Known { get; init; }

    /// <summary>Size of the file, bytes.</summary>
    public long Bytes { get; init; }

    /// <summary>Of its pixels at the size that the import decodes to.</summary>
    public ColorMoments Moments { get; init; }

    /// <summary>Its entry in a revision, without split and label.</summary>
    public DatasetImage Entry => new(Id, default, 0, Sha256, Header.MediaType, Header.Width, Header.Height, Path) { Bytes = Bytes };
}
