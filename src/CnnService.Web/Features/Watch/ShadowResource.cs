using CnnService.Core.Models;
using CnnService.Web.Persistence;

namespace CnnService.Web.Features.Watch;

/// <summary>Which version is asked behind the served one, and of how many images.</summary>
internal sealed record ShadowRequest
{
    /// <summary>The candidate; may move later. Give it or <c>version</c>.</summary>
    public string? Alias { get; init; }

    /// <summary>The candidate.</summary>
    public int? Version { get; init; }

    /// <summary>Of the images that are classified, above 0 and up to 1.</summary>
    public double Share { get; init; } = 1;
}

/// <summary>A candidate beside the served version, and how often they agreed.</summary>
internal sealed record ShadowResource
{
    private const int MaxPairs = 50;

    public required string Model { get; init; }

    /// <summary>The candidate's alias; null where a version was named.</summary>
    public string? Alias { get; init; }

    /// <summary>The candidate's version at present; null where there is none.</summary>
    public int? Version { get; init; }

    public required double Share { get; init; }

    public required DateTimeOffset Since { get; init; }

    /// <summary>Images that both answered.</summary>
    public required long Requests { get; init; }

    public required long Agreed { get; init; }

    public required long Disagreed { get; init; }

    /// <summary>Share that agreed, 0–1; null where nothing was asked yet.</summary>
    public double? Agreement { get; init; }

    /// <summary>Mean |Δp| of the class that the served version named, 0–1.</summary>
    public double? MeanDifference { get; init; }

    /// <summary>Images let go because the queue was full.</summary>
    public required long Dropped { get; init; }

    /// <summary>Images that the candidate gave no answer to.</summary>
    public required long Failed { get; init; }

    /// <summary>For each pair of versions: aliases may have moved meanwhile.</summary>
    public required IReadOnlyList<ShadowPair> Versions { get; init; }

    /// <summary>What the candidate calls otherwise, the most frequent first, at most 50.</summary>
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

/// <param name="Served">The version that answered callers.</param>
/// <param name="Candidate">The version asked behind it.</param>
/// <param name="Requests">Images both answered.</param>
/// <param name="Agreed">Images both called the same.</param>
/// <param name="MeanDifference">Mean |Δp| of the class that the served version named; null where nothing was asked.</param>
internal sealed record ShadowPair(int Served, int Candidate, long Requests, long Agreed, double? MeanDifference)
{
    public static ShadowPair From(int served, int candidate, IReadOnlyList<ShadowCountRow> counts)
    {
        var requests = counts.Sum(count => count.Count);
        var agreed = counts.Where(count => count.ServedClass == count.CandidateClass).Sum(count => count.Count);
        return new(served, candidate, requests, agreed, requests == 0 ? null : counts.Sum(count => count.Difference) / requests);
    }
}

/// <param name="Served">What the served version says.</param>
/// <param name="Candidate">What the candidate says.</param>
/// <param name="Count">How often.</param>
internal sealed record ClassPair(string Served, string Candidate, long Count);
