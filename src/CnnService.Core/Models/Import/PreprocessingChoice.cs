using System.Text;
using CnnService.Core.Common;

namespace CnnService.Core.Models.Import;

/// <summary>The preprocessing given for an imported network, before the number of its input channels is known.</summary>
/// <param name="Normalization">Custom where <paramref name="Numbers"/> are given.</param>
/// <param name="Numbers">Null where a normalization was named.</param>
public sealed record PreprocessingChoice(NormalizationKind Normalization, PreprocessingNumbers? Numbers)
{
    private const double MaxMagnitude = 1e6;

    /// <summary>
    /// Null where rules are broken that neither one channel nor three keep; they are reported under <c>preprocessing</c>.
    /// </summary>
    /// <param name="text">A name or JSON.</param>
    /// <param name="errors">Receives the broken rules.</param>
    internal static PreprocessingChoice? Parse(string text, ValidationErrors errors)
    {
        var isJson = text.TrimStart().StartsWith('{');
        var choice = isJson ? ReadNumbers(text, errors) : ByName(text.Trim(), errors);
        var ofGrey = new ValidationErrors();
        if (choice is not null && choice.Create(1, ofGrey) is null)
        {
            choice.Create(3, errors);
        }

        return errors.Any ? null : choice;
    }

    /// <summary>The preprocessing of an input with so many channels, 1 or 3; null where rules are broken, which are reported.</summary>
    internal Preprocessing? Create(int channels, ValidationErrors errors) =>
        Numbers is null ? Preprocessing.Create(Normalization, channels, [], []) : Custom(Numbers, channels, errors);

    private static PreprocessingChoice? ReadNumbers(string text, ValidationErrors errors) =>
        JsonFieldReader.Parse(Encoding.UTF8.GetBytes(text), errors.At("preprocessing"),
            (json, found) => JsonFieldReader.Read<PreprocessingNumbers>(json, found)) is { } numbers
            ? new(NormalizationKind.Custom, numbers)
            : null;

    private static PreprocessingChoice? ByName(string name, ValidationErrors errors)
    {
        NormalizationKind[] kinds = [NormalizationKind.Rescale, NormalizationKind.Imagenet, NormalizationKind.Caffe];
        var found = WireName.Find<NormalizationKind>(name);
        return errors.Require(
            kinds.Any(kind => kind == found),
            "preprocessing",
            $"must be one of {string.Join(", ", kinds.Select(kind => kind.ToWireName()))}, or {{\"channelOrder\": \"rgb\", \"scale\": "
            + $"0.00392, \"mean\": [...], \"std\": [...]}}, received \"{name}\"")
                ? new(found!.Value, null)
                : null;
    }

    private static Preprocessing? Custom(PreprocessingNumbers numbers, int channels, ValidationErrors errors)
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
        errors.Require(numbers.MeanImage?.IsValidFor(channels) != false, "preprocessing.meanImage",
            $"must hold {channels} planes of finite float32 numbers, their size and their SHA-256");
        return errors.Any ? null : new()
        {
            Normalization = NormalizationKind.Custom,
            Scale = numbers.Scale,
            Mean = mean,
            Std = deviation,
            ChannelOrder = numbers.ChannelOrder,
            MeanImage = numbers.MeanImage,
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
}
