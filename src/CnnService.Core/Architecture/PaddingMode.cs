namespace CnnService.Core.Architecture;

/// <summary>What stands outside the map.</summary>
public enum PaddingMode
{
    Zeros,

    /// <summary>The nearest value of the map.</summary>
    Edge,

    /// <summary>The map mirrored at its outermost cells, which are not repeated; the padding stays below the map's side.</summary>
    Reflect,
}
