using System.Globalization;
using CnnService.Core.Common;

namespace CnnService.Core.Models;

/// <summary>
/// Tells how familiar an image is by its features: the Mahalanobis distance to the nearest class mean of the training images, with one
/// covariance for all classes (Lee et al., 2018), as a number from 0 to 1. Part of the exported file, as the output <c>familiarity</c>.
/// </summary>
public sealed class FamiliarityHead
{
    /// <summary>Name of the exported file's output.</summary>
    public const string Output = "familiarity";

    /// <summary>From this on an image counts as known.</summary>
    public const double Threshold = 0.5;

    /// <summary>Whether an image counts as known; null where nothing tells how familiar it is.</summary>
    public static bool? IsFamiliar(float? familiarity) => familiarity is { } value ? value >= Threshold : null;

    private const string WhiteningName = "whitening";
    private const string CentresName = "centres";
    private const string LayerKey = "layer";
    private const string MiddleKey = "middle";
    private const string WidthKey = "width";

    /// <summary>The layer whose values, flattened, are the features; of feature maps it may be their means.</summary>
    public required string Layer { get; init; }

    /// <summary><c>[features, features]</c>: features times this have unit covariance within the classes.</summary>
    public required WeightTensor Whitening { get; init; }

    /// <summary><c>[classes, features]</c>: the class means times <see cref="Whitening"/>.</summary>
    public required WeightTensor Centres { get; init; }

    /// <summary>The distance with familiarity 0.5.</summary>
    public required double Middle { get; init; }

    /// <summary>Above 0: familiarity is <c>1 / (1 + exp((distance - Middle) / Width))</c>.</summary>
    public required double Width { get; init; }

    /// <summary>The same measure of distance on another scale.</summary>
    /// <param name="middle">See <see cref="Middle"/>.</param>
    /// <param name="width">See <see cref="Width"/>.</param>
    public FamiliarityHead Rescale(double middle, double width) =>
        new() { Layer = Layer, Whitening = Whitening, Centres = Centres, Middle = middle, Width = width };

    /// <summary>The distance that a familiarity between 0 and 1 stands for.</summary>
    public double DistanceOf(double familiarity) => Middle + (Width * Math.Log((1 - familiarity) / familiarity));

    /// <summary>Writes it as safetensors.</summary>
    public void Write(Stream stream)
    {
        var tensors = new NamedWeights();
        tensors.Add(WhiteningName, Whitening);
        tensors.Add(CentresName, Centres);
        SafetensorsFile.Write(stream, tensors, new Dictionary<string, string>
        {
            [LayerKey] = Layer,
            [MiddleKey] = Middle.ToString("R", CultureInfo.InvariantCulture),
            [WidthKey] = Width.ToString("R", CultureInfo.InvariantCulture),
        });
    }

    /// <summary>Reads what <see cref="Write"/> wrote. Problem code: <c>model.corrupt</c>.</summary>
    public static Outcome<FamiliarityHead> Read(string path) => SafetensorsFile.Read(path).Bind(content =>
        content.Weights.TryGet(WhiteningName, out var whitening) && content.Weights.TryGet(CentresName, out var centres)
        && content.Metadata.TryGetValue(LayerKey, out var layer)
        && TryNumber(content, MiddleKey, out var middle) && TryNumber(content, WidthKey, out var width)
            ? new FamiliarityHead { Layer = layer, Whitening = whitening, Centres = centres, Middle = middle, Width = width }
            : (Outcome<FamiliarityHead>)new Problem(
                ProblemKind.Unavailable, ModelPackage.Corrupt, $"The file '{Path.GetFileName(path)}' lacks a part."));

    private static bool TryNumber(SafetensorsContent content, string key, out double value)
    {
        value = 0;
        return content.Metadata.TryGetValue(key, out var text)
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
    }
}
