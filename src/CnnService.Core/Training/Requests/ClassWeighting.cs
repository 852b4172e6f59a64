using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Datasets;

namespace CnnService.Core.Training.Requests;

/// <summary>
/// Weights of the classes in the loss: <c>{ "mode": "none" }</c>, <c>{ "mode": "balanced" }</c> (images / (classes · images of the class))
/// or <c>{ "weights": { "cat": 2 } }</c>. The mode's name alone, and the weights without <c>weights</c> around them, are taken too.
/// </summary>
public sealed record ClassWeighting : IJsonReadable<ClassWeighting>
{
    private const string Rule = "must be \"none\", \"balanced\" or an object of class names and weights";
    private const string ModeRule = "must be \"none\" or \"balanced\"";
    private const string ModeField = "mode";
    private const string WeightsField = "weights";
    private const int MaxWeight = 1000;
    private const int MaxNamed = 10_000;

    /// <summary>A class in fewer than a tenth of the images is not weighted more: some labels are wrong, and would count as much.</summary>
    private const int MaxBalance = 10;

    private readonly IReadOnlyDictionary<string, double> _named;

    private ClassWeighting(bool isBalanced, IReadOnlyDictionary<string, double> named) => (IsBalanced, _named) = (isBalanced, named);

    /// <summary>True if the images of every class have the same total weight.</summary>
    public bool IsBalanced { get; }

    public static ClassWeighting? Read(JsonElement json, ValidationErrors errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        if (json.ValueKind != JsonValueKind.Object)
        {
            return ReadMode(json, errors, Rule);
        }

        // Weights are numbers, so that a class of either name is not mistaken for the field.
        var hasMode = json.TryGetProperty(ModeField, out var mode) && mode.ValueKind == JsonValueKind.String;
        var hasWeights = json.TryGetProperty(WeightsField, out var weights) && weights.ValueKind == JsonValueKind.Object;
        if (!hasMode && !hasWeights)
        {
            return Named(json, errors);
        }

        return JsonFieldReader.ReadMembers(json, [hasMode ? ModeField : WeightsField], errors) is null || errors.Any ? null
            : hasMode ? ReadMode(mode, errors.At(ModeField), ModeRule)
            : Named(weights, errors.At(WeightsField));
    }

    private static ClassWeighting? ReadMode(JsonElement json, ValidationErrors errors, string rule)
    {
        var name = JsonFieldReader.Text(json);
        return errors.Require(name is "none" or "balanced", string.Empty, $"{rule}, received {ReceivedText.Json(json)}")
            ? new(name == "balanced", new Dictionary<string, double>())
            : null;
    }

    /// <summary>The weights in label order; null for equal weights.</summary>
    /// <param name="dataset">Gives the classes and their image counts.</param>
    /// <param name="errors">Collects names that are not classes, under paths relative to the field.</param>
    public IReadOnlyList<double>? Resolve(DatasetManifest dataset, ValidationErrors errors)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(errors);
        var classes = dataset.Classes.ToHashSet(StringComparer.Ordinal);
        foreach (var name in _named.Keys)
        {
            errors.Require(classes.Contains(name), name, "is not a class of the data set");
        }

        return IsBalanced ? Balance(dataset)
            : _named.Count == 0 ? null
            : [.. dataset.Classes.Select(name => _named.GetValueOrDefault(name, 1))];
    }

    /// <summary>
    /// Of several labels an image: images without the class by images with it, 1 to <see cref="MaxBalance"/>, which gives the two the same
    /// total weight unless the class is too rare for that.
    /// </summary>
    public static IReadOnlyList<double> Balance(DatasetManifest dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        if (dataset.Task == DatasetTask.SingleLabel)
        {
            return Balanced(dataset);
        }

        var all = dataset.Images.CountOf(Split.Train);
        return [.. dataset.CountByClass(Split.Train).Select(own => Math.Clamp((all - own) / (double)Math.Max(1, own), 1, MaxBalance))];
    }

    /// <summary>n / (K n_k), which gives every class the same total weight and all images a mean weight of 1.</summary>
    private static double[] Balanced(DatasetManifest dataset)
    {
        var counts = dataset.CountByClass(Split.Train);
        return [.. counts.Select(count => (double)counts.Sum() / (counts.Length * Math.Max(1, count)))];
    }

    private static ClassWeighting? Named(JsonElement json, ValidationErrors errors)
    {
        var named = new Dictionary<string, double>(StringComparer.Ordinal);
        if (!errors.Require(json.GetPropertyCount() <= MaxNamed, string.Empty,
            $"must name at most {MaxNamed} classes, received {json.GetPropertyCount()}"))
        {
            return null;
        }

        foreach (var member in json.EnumerateObject())
        {
            var name = JsonFieldReader.NameOf(member) ?? "?";
            var weight = member.Value.ValueKind == JsonValueKind.Number && member.Value.TryGetDouble(out var number) ? number : double.NaN;
            errors.Require(
                weight is > 0 and <= MaxWeight,
                name,
                $"must be a number above 0 and at most {MaxWeight}, received {ReceivedText.Json(member.Value)}");
            errors.Require(named.TryAdd(name, weight), name, "must be given once");
        }

        return errors.Any ? null : new(false, named);
    }
}
