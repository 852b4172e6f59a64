namespace CnnService.Core.Interpretation;

/// <summary>A finished image file.</summary>
/// <param name="Png">The PNG file; the same request gives the same bytes.</param>
/// <param name="ETag">Strong entity tag, hex, without the quotes of HTTP.</param>
/// <param name="Figures">One a tile of a pattern, in the order of the tiles; empty for other images.</param>
#pragma warning disable CA1819 // The file is the point of this record.
public sealed record RenderedImage(byte[] Png, string ETag, IReadOnlyList<PatternFigures> Figures)
{
    /// <summary>Filters whose feature map is constant; empty for other images.</summary>
    public IReadOnlyList<int> SilentFilters { get; init; } = [];
}
#pragma warning restore CA1819
