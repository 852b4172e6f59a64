using System.Globalization;
using CnnService.Core.Common;

namespace CnnService.Core.Models;

/// <summary>
/// Tells how familiar an image is by its features, scaled to unit length: the distance to the nearest of some training images (Sun et al.,
/// "Out-of-Distribution Detection with Deep Nearest Neighbors", 2022), as a number from 0 to 1. Part of the exported file, as the output
/// <c>familiarity</c>.
/// </summary>
public sealed class FamiliarityHead
{
    /// <summary>Name of the exported file's output.</summary>
    public const string Output = "familiarity";

    /// <summary>From this on an image counts as known.</summary>
    public const double Threshold = 0.5;

    /// <summary>What the length of features is taken for at least: shorter ones have no direction.</summary>
    public const float MinLength = 1e-12f;

    private const string ReferencesName = "references";
    private const string WhiteningName = "whitening";
    private const string CentresName = "centres";
    private const string LayerKey = "layer";
    private const string MiddleKey = "middle";
    private const string WidthKey = "width";

    /// <summary>The layer whose values, flattened, are the features; of feature maps it may be their means.</summary>
    public required string Layer { get; init; }

    /// <summary>
    /// Null but for versions that were made before: <c>[features, features]</c>, which the features are multiplied by in place of being
    /// scaled to unit length, so that they have unit covariance within the classes.
    /// </summary>
    public WeightTensor? Whitening { get; init; }

    /// <summary>
    /// <c>[images, features]</c>: features of training images, each of unit length; with <see cref="Whitening"/> the class means times it.
    /// </summary>
    public required WeightTensor References { get; init; }

    /// <summary>The distance with familiarity 0.5.</summary>
    public required double Middle { get; init; }

    /// <summary>Above 0: familiarity is <c>1 / (1 + exp((distance - Middle) / Width))</c>.</summary>
    public required double Width { get; init; }

    /// <summary>Whether an image counts as known; null where nothing tells how familiar it is.</summary>
    public static bool? IsFamiliar(float? familiarity) => familiarity is { } value ? value >= Threshold : null;

    /// <summary>The same measure of distance on another scale.</summary>
    /// <param name="middle">See <see cref="Middle"/>.</param>
    /// <param name="width">See <see cref="Width"/>.</param>
    public FamiliarityHead Rescale(double middle, double width) =>
        new() { Layer = Layer, Whitening = Whitening, References = References, Middle = middle, Width = width };

    /// <summary>The distance that a familiarity between 0 and 1 stands for.</summary>
    public double DistanceOf(double familiarity) => Middle + (Width * Math.Log((1 - familiarity) / familiarity));

    /// <summary>Writes it as safetensors.</summary>
    public void Write(Stream stream)
    {
        var tensors = new NamedWeights();
        if (Whitening is { } whitening)
        {
            tensors.Add(WhiteningName, whitening);
        }

        tensors.Add(Whitening is null ? ReferencesName : CentresName, References);
        SafetensorsFile.Write(stream, tensors, new Dictionary<string, string>
        {
            [LayerKey] = Layer,
            [MiddleKey] = Middle.ToString("R", CultureInfo.InvariantCulture),
            [WidthKey] = Width.ToString("R", CultureInfo.InvariantCulture),
        });
    }

    /// <summary>Reads what <see cref="Write"/> wrote. Problem code: <c>model.corrupt</c>.</summary>
    public static Outcome<FamiliarityHead> Read(string path) => SafetensorsFile.Read(path).Bind(content =>
    {
        var isWhitened = content.Weights.TryGet(WhiteningName, out var whitening);
        return content.Weights.TryGet(isWhitened ? CentresName : ReferencesName, out var references)
            && content.Metadata.TryGetValue(LayerKey, out var layer)
            && TryNumber(content, MiddleKey, out var middle) && TryNumber(content, WidthKey, out var width)
                ? new FamiliarityHead
                {
                    Layer = layer,
                    Whitening = isWhitened ? whitening : null,
                    References = references,
                    Middle = middle,
                    Width = width,
                }
                : (Outcome<FamiliarityHead>)new Problem(
                    ProblemKind.Unavailable, ModelPackage.Corrupt, $"The file '{Path.GetFileName(path)}' lacks a part.");
    });

    private static bool TryNumber(SafetensorsContent content, string key, out double value)
    {
        value = 0;
        return content.Metadata.TryGetValue(key, out var text)
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
    }
}
