using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Datasets;

namespace CnnService.Core.Training.Requests;

/// <summary>The field <c>classWeights</c>.</summary>
internal static class ClassWeighting
{
    private const string Rule = "must be \"none\", \"balanced\" or an object of class names and weights";

    /// <summary>In label order; null: all the same. Errors go under <c>classWeights</c>.</summary>
    /// <param name="json">As sent.</param>
    /// <param name="dataset">Null where it is not known: names are then not checked.</param>
    /// <param name="errors">Gets the broken rules.</param>
    public static IReadOnlyList<double>? Read(JsonElement? json, DatasetManifest? dataset, ValidationErrors errors)
    {
        switch (json)
        {
            case null or { ValueKind: JsonValueKind.Null }:
            case { ValueKind: JsonValueKind.String } none when none.GetString() == "none":
                return null;
            case { ValueKind: JsonValueKind.String } balanced when balanced.GetString() == "balanced":
                return dataset is null ? null : Balanced(dataset);
            case { ValueKind: JsonValueKind.Object } weights:
                return Named(weights, dataset, errors);
            default:
                errors.Add("classWeights", $"{Rule}, received {Received.Json(json.Value)}");
                return null;
        }
    }

    /// <summary>n / (K n_k), so that every class counts the same and the weights of all pictures have the mean 1.</summary>
    private static double[] Balanced(DatasetManifest dataset)
    {
        var counts = dataset.PicturesOf(Split.Train);
        return [.. counts.Select(count => (double)counts.Sum() / (counts.Length * Math.Max(1, count)))];
    }

    private static double[]? Named(JsonElement json, DatasetManifest? dataset, ValidationErrors errors)
    {
        var named = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var member in json.EnumerateObject())
        {
            var path = $"classWeights.{member.Name}";
            var reads = member.Value.ValueKind == JsonValueKind.Number && member.Value.TryGetDouble(out var weight) && weight is > 0 and <= 1000;
            errors.Require(reads, path, $"must be a number above 0 and at most 1000, received {Received.Json(member.Value)}");
            errors.Require(named.TryAdd(member.Name, reads ? member.Value.GetDouble() : 1), path, "must be given once");
            errors.Require(dataset is null || dataset.Classes.Contains(member.Name, StringComparer.Ordinal), path, "is not a class of the data set");
        }

        return dataset is null ? null : [.. dataset.Classes.Select(name => named.GetValueOrDefault(name, 1))];
    }
}
