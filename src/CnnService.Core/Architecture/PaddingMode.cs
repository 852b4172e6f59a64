namespace CnnService.Core.Architecture;

/// <summary>Content of the padding around a feature map.</summary>
public enum PaddingMode
{
    Zeros,

    /// <summary>Repeats the nearest cell of the map.</summary>
    Edge,

    /// <summary>Mirrors the map at its border cells, which are not repeated; the padding must be smaller than the map.</summary>
    Reflect,
}
