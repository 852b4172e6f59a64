using CnnService.Core.Models;
using CnnService.Web.Persistence;

namespace CnnService.Web.Features.Monitoring;

/// <summary>The candidate version to run in the shadow of the served one, and its share of the images.</summary>
internal sealed record ShadowRequest
{
    /// <summary>Alias of the candidate, which may move later; or give <c>version</c>.</summary>
    public string? Alias { get; init; }

    /// <summary>Version of the candidate.</summary>
    public int? Version { get; init; }

    /// <summary>Share of classified images, above 0 and up to 1.</summary>
    public double Share { get; init; } = 1;
}

/// <summary>A candidate in the shadow of the served version, and how often they agreed.</summary>
internal sealed record ShadowResource
{
    private const int MaxPairs = 50;

    public required string Model { get; init; }

    /// <summary>Alias of the candidate; null if it was given by version.</summary>
    public string? Alias { get; init; }

    /// <summary>The candidate's current version; null if it does not exist.</summary>
    public int? Version { get; init; }

    public required double Share { get; init; }

    public required DateTimeOffset Since { get; init; }

    /// <summary>Images that both versions classified.</summary>
    public required long Requests { get; init; }

    public required long Agreed { get; init; }

    public required long Disagreed { get; init; }

    /// <summary>Share of images with the same predicted class, 0–1; null if there are none yet.</summary>
    public double? Agreement { get; init; }

    /// <summary>Mean |Δp| of the class that the served version predicted, 0–1; null if there are no images yet.</summary>
    public double? MeanDifference { get; init; }

    /// <summary>Images dropped because the queue was full.</summary>
    public required long Dropped { get; init; }

    /// <summary>Images that the candidate failed on.</summary>
    public required long Failed { get; init; }

    /// <summary>Results per pair of versions, as aliases may have moved meanwhile.</summary>
    public required IReadOnlyList<ShadowPair> Versions { get; init; }

    /// <summary>Images classified differently by pair of classes, the most frequent first, at most 50.</summary>
    public required IReadOnlyList<ClassPair> Disagreements { get; init; }

    public static ShadowResource From(ShadowRow row, LoadedModel? candidate, IReadOnlyList<ShadowCountRow> counts)
    {
        var all = ShadowPair.From(0, 0, counts);
        return new()
        {
            Model = row.Model,
            Alias = row.Alias,
            Version = candidate?.Version,
            Share = row.Share,
            Since = row.Since,
            Requests = all.Requests,
            Agreed = all.Agreed,
            Disagreed = all.Requests - all.Agreed,
            Agreement = all.Requests == 0 ? null : (double)all.Agreed / all.Requests,
            MeanDifference = all.MeanDifference,
            Dropped = row.Dropped,
            Failed = row.Failed,
            Versions = [
                .. counts.GroupBy(count => (count.Served, count.Candidate)).OrderBy(pair => pair.Key)
                    .Select(pair => ShadowPair.From(pair.Key.Served, pair.Key.Candidate, [.. pair]))],
            Disagreements =
            [
                .. counts.Where(count => count.ServedClass != count.CandidateClass)
                    .GroupBy(count => (count.ServedClass, count.CandidateClass))
                    .Select(pair => new ClassPair(pair.Key.ServedClass, pair.Key.CandidateClass, pair.Sum(count => count.Count)))
                    .OrderByDescending(pair => pair.Count).ThenBy(pair => pair.Served, StringComparer.Ordinal)
                    .ThenBy(pair => pair.Candidate, StringComparer.Ordinal).Take(MaxPairs),
            ],
        };
    }
}

/// <param name="Served">The version that answered the client.</param>
/// <param name="Candidate">The version run in its shadow.</param>
/// <param name="Requests">Images that both classified.</param>
/// <param name="Agreed">Images with the same predicted class.</param>
/// <param name="MeanDifference">Mean |Δp| of the class that the served version predicted; null if there are no images.</param>
internal sealed record ShadowPair(int Served, int Candidate, long Requests, long Agreed, double? MeanDifference)
{
    public static ShadowPair From(int served, int candidate, IReadOnlyList<ShadowCountRow> counts)
    {
        var requests = counts.Sum(count => count.Count);
        var agreed = counts.Where(count => count.ServedClass == count.CandidateClass).Sum(count => count.Count);
        return new(served, candidate, requests, agreed, requests == 0 ? null : counts.Sum(count => count.Difference) / requests);
    }
}

/// <param name="Served">Class predicted by the served version.</param>
/// <param name="Candidate">Class predicted by the candidate.</param>
/// <param name="Count">Number of images.</param>
internal sealed record ClassPair(string Served, string Candidate, long Count);
