using System.Text.Json.Serialization;

namespace CnnService.Core.Interpretation.Scans;

/// <summary>Activation statistics of a filter over the images of a split, after its activation function.</summary>
public sealed record FilterFigures
{
    /// <summary>Number of images from which on a filter that never fired counts as dead.</summary>
    public const int MinImagesForDead = 500;

    /// <summary>A filter that fires on a smaller share of the images counts as rare.</summary>
    public const double RareBelow = 0.01;

    /// <summary>A filter that is positive in a larger share of the cells counts as always on.</summary>
    public const double AlwaysAbove = 0.99;

    public required int Filter { get; init; }

    public required FilterStatus Status { get; init; }

    /// <summary>Share of cells above 0, 0–1.</summary>
    public required double PositiveCells { get; init; }

    /// <summary>Share of images with a cell above 0, 0–1.</summary>
    public required double FiringImages { get; init; }

    /// <summary>Mean over all cells of all images.</summary>
    public required double Mean { get; init; }

    /// <summary>Standard deviation over all cells of all images.</summary>
    public required double Deviation { get; init; }

    /// <summary>Largest activation for any image.</summary>
    public required double Max { get; init; }

    /// <summary>Median over the images of the largest activation.</summary>
    public required double MedianMax { get; init; }

    /// <summary>99th percentile over the images of the largest activation.</summary>
    public required double P99Max { get; init; }

    /// <summary>99.9th percentile over the images of the largest activation.</summary>
    public required double P999Max { get; init; }

    /// <summary>Euclidean norm of the filter's weights; null for layers without kernels.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? KernelNorm { get; init; }

    /// <summary>The filter with the most similar kernel; null if there is none or the layer has more than 1024 filters.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public NearestKernel? Nearest { get; init; }
}

/// <param name="Filter">Index of the other filter.</param>
/// <param name="Cosine">Cosine similarity of the kernels; 1 for a duplicate.</param>
public sealed record NearestKernel(int Filter, double Cosine);

/// <summary>How active a filter is.</summary>
public enum FilterStatus
{
    Live,

    /// <summary>Never above 0, over at least 500 images.</summary>
    Dead,

    /// <summary>Never above 0, over fewer images.</summary>
    Silent,

    /// <summary>Fires on less than 1 % of the images.</summary>
    Rare,

    /// <summary>Above 0 in more than 99 % of the cells.</summary>
    Always,
}
