using System.Text.Json.Serialization;

namespace CnnService.Core.Datasets;

/// <summary>One state of a data set. A change makes a further one; none is ever modified.</summary>
/// <param name="Number">From 1, without gaps while no revision is purged.</param>
/// <param name="Change">What made it.</param>
/// <param name="Images">Number of images that were imported, added, relabelled or removed.</param>
/// <param name="At">UTC.</param>
public sealed record DatasetRevision(int Number, RevisionChange Change, int Images, DateTimeOffset At)
{
    /// <summary>The revision of an import that has not been written yet.</summary>
    public static DatasetRevision First { get; } = new(1, RevisionChange.Imported, 0, DateTimeOffset.UnixEpoch);

    /// <summary>SHA-256 of its file, 64 lower case hex digits; empty until it is written.</summary>
    [JsonIgnore]
    public string Hash { get; init; } = string.Empty;
}

/// <summary>What made a revision.</summary>
public enum RevisionChange
{
    Imported,
    Added,
    Relabelled,
    Removed,
}
