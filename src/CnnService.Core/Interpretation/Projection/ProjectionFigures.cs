using System.Text.Json.Serialization;

namespace CnnService.Core.Interpretation.Projection;

/// <summary>The images of a split on a plane, by what a layer answers to them.</summary>
public sealed record ProjectionFigures
{
    public required string Model { get; init; }

    public required int Version { get; init; }

    public required string Layer { get; init; }

    public required string Dataset { get; init; }

    /// <summary>"train", "validation" or "test".</summary>
    public required string Split { get; init; }

    public required ProjectionMethod Method { get; init; }

    /// <summary>Numbers an image that the map is made of: the means of the layer's maps, or its values.</summary>
    public required int Features { get; init; }

    /// <summary>Share of the variance along each principal component, at most 50, the largest first; the map of <c>pca</c> shows the first
    /// two.</summary>
    public required IReadOnlyList<double> ExplainedVariance { get; init; }

    /// <summary>About how many neighbours counted; only of <c>tsne</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Perplexity { get; init; }

    /// <summary>How far neighbours on the map, 12 an image, are neighbours in truth: 1 all, about 0.5 by chance; null for fewer than 25
    /// images.</summary>
    public required double? Trustworthiness { get; init; }

    /// <summary>In the order of the data set.</summary>
    public required IReadOnlyList<ProjectedImage> Images { get; init; }

    /// <summary>Of the data set.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Classes { get; init; } = [];

    /// <summary>In memory, near enough: names are shared with the data set.</summary>
    internal long Bytes => (Images.Count * 64L) + (ExplainedVariance.Count * sizeof(double));
}

/// <param name="Image">Its id in the data set.</param>
/// <param name="Class">What it is.</param>
/// <param name="Predicted">What the network takes it for; null for a network without classes.</param>
/// <param name="IsCorrect">Null where the network does not know the class.</param>
/// <param name="X">To the right.</param>
/// <param name="Y">Upwards.</param>
public sealed record ProjectedImage(string Image, string Class, string? Predicted, bool? IsCorrect, double X, double Y);
