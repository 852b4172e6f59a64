using System.Text.Json.Serialization;

namespace CnnService.Core.Models.Import;

/// <summary>A preprocessing in numbers, as requests give it: <c>(scale * pixel - mean) / std</c>, pixels being 0 to 255.</summary>
public sealed record PreprocessingNumbers
{
    /// <summary>The order in which the network takes the channels.</summary>
    public ChannelOrder ChannelOrder { get; init; } = ChannelOrder.Rgb;

    /// <summary>Above 0 and up to 1,000,000; default 1/255.</summary>
    public double Scale { get; init; } = 1 / 255.0;

    /// <summary>One number for each channel, or one for all; default 0.</summary>
    public IReadOnlyList<double>? Mean { get; init; }

    /// <summary>One number above 0 for each channel, or one for all; default 1.</summary>
    public IReadOnlyList<double>? Std { get; init; }

    /// <summary>Another name of <see cref="Std"/>; only one of them may be given.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<double>? Deviation { get; init; }

    /// <summary>A mean for each pixel, of the size of the network's input, instead of <see cref="Mean"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public MeanImage? MeanImage { get; init; }

    /// <summary>Accepted because a version's own JSON contains it; ignored.</summary>
    public NormalizationKind? Normalization { get; init; }
}
