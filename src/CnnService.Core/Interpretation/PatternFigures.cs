using System.Text.Json.Serialization;

namespace CnnService.Core.Interpretation;

/// <summary>What a pattern achieved, measured on its 8-bit picture; see <see cref="PatternTile"/>.</summary>
/// <remarks>What it is worth beside real pictures is there only where such were named: the same request gives the same figures.</remarks>
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

    /// <summary>Filters of the layer whose answer to the picture stands out more from their answers to real pictures: 0 is the best.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Rank { get; init; }

    /// <summary>Deviations between the activation and the mean of those for real pictures.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Z { get; init; }

    /// <summary>Real pictures looked at.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? DataPictures { get; init; }

    /// <summary>Median activation for real pictures.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? DataP50 { get; init; }

    /// <summary>99 % of the real pictures stay below it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? DataP99 { get; init; }

    /// <summary>The largest activation for a real picture.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? DataMax { get; init; }

    /// <summary>With what was asked for.</summary>
    internal static PatternFigures Of(PatternTile tile, PatternRequest request) => Of(tile, request.Seed) with { Settings = PatternSettings.Of(request) };

    internal static PatternFigures Of(PatternTile tile, int seed)
    {
        ArgumentNullException.ThrowIfNull(tile);
        return new(
            tile.Filter, tile.Activation, tile.StartActivation, tile.NoiseActivation, tile.Iterations, tile.Size, seed, tile.Status, tile.Variant);
    }
}
