using System.Text.Json.Serialization;

namespace CnnService.Core.Interpretation.Ascent;

/// <summary>Measurements of a pattern's 8-bit image.</summary>
/// <remarks>
/// The comparison with real images is present only if the request names them, so that the same request gives the same numbers.
/// </remarks>
/// <param name="Filter">Index of the filter in the layer.</param>
/// <param name="Activation">
/// Mean activation of the filter for this image, after the activation function. If everything up to the filter is linear in the image, the
/// mean of the positive part: the plain mean would measure the mean colour only.
/// </param>
/// <param name="StartActivation">The same for the start of the ascent.</param>
/// <param name="NoiseActivation">The largest mean activation over the noise images.</param>
/// <param name="Iterations">Steps done; 0 if no start had a gradient.</param>
/// <param name="Size">Longer side in pixels.</param>
/// <param name="Seed">Seed of the request.</param>
/// <param name="Status">Whether the pattern is significant.</param>
/// <param name="Variant">Index among the variants of the filter, from 0.</param>
public sealed record PatternFigures(
    int Filter,
    double Activation,
    double StartActivation,
    double NoiseActivation,
    int Iterations,
    int Size,
    int Seed,
    PatternStatus Status,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Variant = 0)
{
    /// <summary>Settings of the gradient ascent.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PatternSettings? Settings { get; init; }

    /// <summary>
    /// Number of filters of the layer whose activation for this image exceeds their activations for real images by more standard
    /// deviations; 0 is best.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Rank { get; init; }

    /// <summary>Standard deviations between the activation and its mean over real images.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Z { get; init; }

    /// <summary>Number of real images compared with.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? DataImages { get; init; }

    /// <summary>Median activation over real images.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? DataP50 { get; init; }

    /// <summary>99th percentile of the activation over real images.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? DataP99 { get; init; }

    /// <summary>Largest activation for a real image.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? DataMax { get; init; }
}
