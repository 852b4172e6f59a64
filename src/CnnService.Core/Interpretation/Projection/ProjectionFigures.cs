using System.Text.Json.Serialization;

namespace CnnService.Core.Interpretation.Projection;

/// <summary>The images of a split projected to a plane by the features of a layer.</summary>
public sealed record ProjectionFigures
{
    public required string Model { get; init; }

    public required int Version { get; init; }

    public required string Layer { get; init; }

    public required string Dataset { get; init; }

    /// <summary>"train", "validation" or "test".</summary>
    public required string Split { get; init; }

    public required ProjectionMethod Method { get; init; }

    /// <summary>Number of features per image: the means of the layer's maps, or the values of a vector.</summary>
    public required int Features { get; init; }

    /// <summary>
    /// Share of the variance explained by each principal component, at most 50, largest first; the projection of <c>pca</c> shows the
    /// first two.
    /// </summary>
    public required IReadOnlyList<double> ExplainedVariance { get; init; }

    /// <summary>Perplexity, the effective number of neighbours; for <c>tsne</c> only.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Perplexity { get; init; }

    /// <summary>
    /// Trustworthiness of the projection's 12 nearest neighbours (Venna and Kaski): 1 if they are neighbours in feature space too, about
    /// 0.5 by chance; null for fewer than 25 images.
    /// </summary>
    public required double? Trustworthiness { get; init; }

    /// <summary>One point an image, in the order of the data set.</summary>
    public required IReadOnlyList<ProjectedImage> Images { get; init; }

    /// <summary>Class names of the data set, or its sets of classes as text.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Classes { get; init; } = [];

    /// <summary>Approximate memory in bytes; names are shared with the data set.</summary>
    internal long Bytes => (Images.Count * 64L) + (ExplainedVariance.Count * sizeof(double));
}

/// <param name="Image">Id of the image in the data set.</param>
/// <param name="Class">Name of its labelled class.</param>
/// <param name="Predicted">Name of the predicted class; null for a network without classes.</param>
/// <param name="IsCorrect">Whether the prediction is right; null if the network does not know the class.</param>
/// <param name="X">Horizontal coordinate, to the right.</param>
/// <param name="Y">Vertical coordinate, upwards.</param>
public sealed record ProjectedImage(string Image, string Class, string? Predicted, bool? IsCorrect, double X, double Y);
