using System.Text.Json.Serialization;

namespace CnnService.Core.Interpretation.Ascent;

/// <summary>Measurements of a pattern's 8-bit image; see <see cref="PatternTile"/>.</summary>
/// <remarks>
/// The comparison with real images is present only if the request names them, so that the same request gives the same numbers.
/// </remarks>
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

    /// <summary>Measurements of a tile, with the settings of its request.</summary>
    internal static PatternFigures Compute(PatternTile tile, PatternRequest request) =>
        Compute(tile, request.Seed) with { Settings = PatternSettings.From(request) };

    internal static PatternFigures Compute(PatternTile tile, int seed)
    {
        ArgumentNullException.ThrowIfNull(tile);
        return new(
            tile.Filter, tile.Activation, tile.StartActivation, tile.NoiseActivation, tile.Iterations, tile.Size, seed, tile.Status,
            tile.Variant);
    }
}
