using System.Text.Json.Serialization;

namespace CnnService.Core.Interpretation;

/// <summary>What a pattern achieved, measured on its 8-bit image; see <see cref="PatternTile"/>.</summary>
/// <remarks>What it is worth beside real images is there only where such were named: the same request gives the same figures.</remarks>
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
    /// <summary>How it was looked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PatternSettings? Settings { get; init; }

    /// <summary>Filters of the layer whose answer to the image stands out more from their answers to real images: 0 is the best.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Rank { get; init; }

    /// <summary>Deviations between the activation and the mean of those for real images.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Z { get; init; }

    /// <summary>Real images looked at.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? DataImages { get; init; }

    /// <summary>Median activation for real images.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? DataP50 { get; init; }

    /// <summary>99 % of the real images stay below it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? DataP99 { get; init; }

    /// <summary>The largest activation for a real image.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? DataMax { get; init; }

    /// <summary>With what was asked for.</summary>
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
