using System.Text;
using System.Text.Json.Serialization;
using CnnService.Core.Common;

namespace CnnService.Core.Models.Import;

/// <summary>Reads the preprocessing of an imported network: the name of a normalization, or its numbers.</summary>
internal static class PreprocessingReader
{
    private const double MaxMagnitude = 1e6;

    /// <summary>Null where rules are broken, which are reported under <c>preprocessing</c>.</summary>
    /// <param name="text">A name or JSON.</param>
    /// <param name="channels">Of the input image, 1 or 3.</param>
    /// <param name="errors">Receives the broken rules.</param>
    public static Preprocessing? Read(string text, int channels, ValidationErrors errors)
    {
        if (!text.TrimStart().StartsWith('{'))
        {
            return ByName(text.Trim(), channels, errors);
        }

        return JsonFieldReader.Parse(Encoding.UTF8.GetBytes(text), errors.At("preprocessing"),
            (json, found) => JsonFieldReader.Read<Numbers>(json, found)) is { } numbers
            ? Custom(numbers, channels, errors)
            : null;
    }

    /// <summary>As <see cref="Read"/>, while the number of input channels is not yet known: valid for either is accepted.</summary>
    public static void Check(string text, ValidationErrors errors)
    {
        var ofGrey = new ValidationErrors();
        Read(text, 1, ofGrey);
        if (ofGrey.Any)
        {
            Read(text, 3, errors);
        }
    }

    private static Preprocessing? ByName(string name, int channels, ValidationErrors errors)
    {
        NormalizationKind[] kinds = [NormalizationKind.Rescale, NormalizationKind.Imagenet, NormalizationKind.Caffe];
        var found = WireName.Find<NormalizationKind>(name);
        return errors.Require(
            kinds.Any(kind => kind == found),
            "preprocessing",
            $"must be one of {string.Join(", ", kinds.Select(kind => kind.ToWireName()))}, or {{\"channelOrder\": \"rgb\", \"scale\": "
            + $"0.00392, \"mean\": [...], \"std\": [...]}}, received \"{name}\"")
                ? Preprocessing.Create(found!.Value, channels, [], [])
                : null;
    }

    private static Preprocessing? Custom(Numbers numbers, int channels, ValidationErrors errors)
    {
        var mean = PerChannel(numbers.Mean ?? [0], channels, "mean", errors);
        errors.Require(numbers.Std is null || numbers.Deviation is null, "preprocessing.deviation",
            "must not be given beside std: they are the same");
        var deviation = PerChannel(numbers.Std ?? numbers.Deviation ?? [1], channels, numbers.Deviation is null ? "std" : "deviation",
            errors);
        errors.Require(deviation.All(value => value > 0), "preprocessing.std", "must be above 0");
        errors.Require(numbers.Scale is > 0 and <= MaxMagnitude, "preprocessing.scale",
            $"must be above 0 and at most {MaxMagnitude}, received {numbers.Scale}");
        errors.Require(channels == 3 || numbers.ChannelOrder == ChannelOrder.Rgb, "preprocessing.channelOrder",
            "must be rgb for a grey image");
        return errors.Any ? null : new()
        {
            Normalization = NormalizationKind.Custom,
            Scale = numbers.Scale,
            Mean = mean,
            Std = deviation,
            ChannelOrder = numbers.ChannelOrder,
        };
    }

    /// <summary>A single number applies to all channels.</summary>
    private static IReadOnlyList<double> PerChannel(IReadOnlyList<double> values, int channels, string field, ValidationErrors errors)
    {
        errors.Require(values.Count == channels || values.Count == 1, $"preprocessing.{field}",
            $"must hold {channels} numbers, one a channel, received {values.Count}");
        errors.Require(values.All(value => Math.Abs(value) <= MaxMagnitude), $"preprocessing.{field}",
            $"must hold numbers of at most {MaxMagnitude}");
        return values.Count == channels ? values : [.. Enumerable.Repeat(values.Count == 0 ? 0 : values[0], channels)];
    }

    /// <summary>The JSON form of a <see cref="Preprocessing"/> in requests.</summary>
    private sealed record Numbers
    {
        public ChannelOrder ChannelOrder { get; init; } = ChannelOrder.Rgb;

        public double Scale { get; init; } = 1 / 255.0;

        public IReadOnlyList<double>? Mean { get; init; }

        public IReadOnlyList<double>? Std { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public IReadOnlyList<double>? Deviation { get; init; }

        /// <summary>Accepted because a version's own JSON contains it; ignored.</summary>
        public NormalizationKind? Normalization { get; init; }
    }
}
