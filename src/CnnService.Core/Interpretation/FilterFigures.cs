using System.Text.Json.Serialization;

namespace CnnService.Core.Interpretation;

/// <summary>What a filter answers to the images of a split, after its activation function.</summary>
public sealed record FilterFigures
{
    /// <summary>Images after which a filter that never fired is called dead.</summary>
    public const int ImagesOfProof = 500;

    /// <summary>Share of images under which a filter is called rare.</summary>
    public const double RareBelow = 0.01;

    /// <summary>Share of cells over which a filter says the same of everything.</summary>
    public const double AlwaysAbove = 0.99;

    public required int Filter { get; init; }

    public required FilterStatus Status { get; init; }

    /// <summary>Share of cells above 0.</summary>
    public required double PositiveCells { get; init; }

    /// <summary>Share of images with a cell above 0.</summary>
    public required double FiringImages { get; init; }

    /// <summary>Over all cells of all images.</summary>
    public required double Mean { get; init; }

    /// <summary>Of the cells, about <c>mean</c>.</summary>
    public required double Deviation { get; init; }

    /// <summary>The largest answer to any image.</summary>
    public required double Max { get; init; }

    /// <summary>Median of the images' largest answers.</summary>
    public required double MedianMax { get; init; }

    /// <summary>99 % of the images stay below it.</summary>
    public required double P99Max { get; init; }

    /// <summary>99.9 % of the images stay below it.</summary>
    public required double P999Max { get; init; }

    /// <summary>Root of the sum of its weights' squares; null where the layer has no kernels.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? KernelNorm { get; init; }

    /// <summary>The filter whose kernel points most in the same direction.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public NearestKernel? Nearest { get; init; }
}

/// <param name="Filter">Another filter of the layer.</param>
/// <param name="Cosine">Of the angle between both kernels: 1 for a duplicate.</param>
public sealed record NearestKernel(int Filter, double Cosine);

/// <summary>How alive a filter is.</summary>
public enum FilterStatus
{
    Live,

    /// <summary>Never above 0, on enough images to say so.</summary>
    Dead,

    /// <summary>Never above 0, on fewer images.</summary>
    Silent,

    /// <summary>Fires on under 1 % of the images.</summary>
    Rare,

    /// <summary>Above 0 in over 99 % of the cells.</summary>
    Always,
}
