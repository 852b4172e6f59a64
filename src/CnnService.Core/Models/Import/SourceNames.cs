using System.Text.RegularExpressions;

namespace CnnService.Core.Models.Import;

/// <summary>Splits the tensor names of a file into layer path and part.</summary>
internal static partial class SourceNames
{
    public const string Depthwise = "depthwise_kernel";

    private const string BatchCounter = "num_batches_tracked";

    private static readonly Dictionary<string, (TensorPart Part, WeightConvention? Hint)> Terms = new(StringComparer.Ordinal)
    {
        ["weight"] = (TensorPart.Weight, WeightConvention.PyTorch),
        ["bias"] = (TensorPart.Bias, null),
        ["running_mean"] = (TensorPart.RunningMean, WeightConvention.PyTorch),
        ["running_var"] = (TensorPart.RunningVariance, WeightConvention.PyTorch),
        ["kernel"] = (TensorPart.Weight, WeightConvention.Keras),
        [Depthwise] = (TensorPart.Weight, WeightConvention.Keras),
        ["gamma"] = (TensorPart.Weight, WeightConvention.Keras),
        ["beta"] = (TensorPart.Bias, WeightConvention.Keras),
        ["moving_mean"] = (TensorPart.RunningMean, WeightConvention.Keras),
        ["moving_variance"] = (TensorPart.RunningVariance, WeightConvention.Keras),
    };

    /// <summary>Suffixes of Keras 1 behind a layer's name; its "std" is a variance.</summary>
    private static readonly Dictionary<string, TensorPart> Keras1Terms = new(StringComparer.Ordinal)
    {
        ["W"] = TensorPart.Weight,
        ["b"] = TensorPart.Bias,
        ["gamma"] = TensorPart.Weight,
        ["beta"] = TensorPart.Bias,
        ["running_mean"] = TensorPart.RunningMean,
        ["running_std"] = TensorPart.RunningVariance,
    };

    /// <summary>Layer path and part of one tensor name.</summary>
    public static SourceTensor Parse(string name, IReadOnlyList<int> shape, float[]? data)
    {
        var text = Index().Replace(name, "");
        var isTensorFlow = text.Length < name.Length || text.Contains('/', StringComparison.Ordinal);
        text = text.Replace('/', '.');
        var cut = text.LastIndexOf('.');
        var (path, word) = (text[..Math.Max(cut, 0)], text[(cut + 1)..]);
        if (Terms.TryGetValue(word, out var known))
        {
            var hint = known.Hint ?? (isTensorFlow ? WeightConvention.Keras : null);
            return new(name, path, known.Part, shape, data) { Hint = hint, IsDepthwise = word == Depthwise };
        }

        if (isTensorFlow && Keras1Name().Match(word) is { Success: true } old)
        {
            var layer = path.Length == 0 ? old.Groups["layer"].Value : $"{path}.{old.Groups["layer"].Value}";
            return new(name, layer, Keras1Terms[old.Groups["word"].Value], shape, data) { Hint = WeightConvention.Keras };
        }

        return new(name, text, null, shape, data) { IsCounter = word == BatchCounter };
    }

    /// <summary>Keras writes a layer's name twice, the second time possibly with a number appended; the repetition is dropped.</summary>
    public static string RemoveRepeatedName(string path)
    {
        var segments = path.Split('.');
        return segments is [.., var layer, var again]
            && again.StartsWith(layer, StringComparison.Ordinal)
            && Number().IsMatch(again[layer.Length..])
                ? string.Join('.', segments[..^1])
                : path;
    }

    [GeneratedRegex(@":\d{1,9}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Index();

    [GeneratedRegex(@"\A(_\d{1,9})?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Number();

    [GeneratedRegex(@"\A(?<layer>.+?)_(?<word>W|b|gamma|beta|running_mean|running_std)(_\d{1,9})?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Keras1Name();
}
