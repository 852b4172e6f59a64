namespace CnnService.Core.Interpretation;

/// <summary>A finished image.</summary>
/// <param name="Png">The file; the same request gives the same bytes.</param>
/// <param name="ETag">Its strong entity tag, hex, without the quotes HTTP puts round it.</param>
/// <param name="Figures">One a tile of a pattern, in the order of the tiles; empty for feature maps.</param>
#pragma warning disable CA1819 // The file is the point of this record.
public sealed record RenderedImage(byte[] Png, string ETag, IReadOnlyList<PatternFigures> Figures)
{
    /// <summary>Filters whose feature map is one and the same value all over; empty for patterns.</summary>
    public IReadOnlyList<int> SilentFilters { get; init; } = [];
}
#pragma warning restore CA1819
