namespace CnnService.Web.Persistence;

/// <summary>A data set that a version classifies; the result is files. Times are UTC.</summary>
internal sealed class ClassifyJobRow
{
    public required string Id { get; set; }

    public ClassifyJobState State { get; set; }

    public required string Model { get; set; }

    /// <summary>What the request's model meant when it came.</summary>
    public int Version { get; set; }

    public required string Dataset { get; set; }

    /// <summary>Of the data set's content when the request came.</summary>
    public required string Digest { get; set; }

    /// <summary>Null: all pictures.</summary>
    public Core.Datasets.Split? Split { get; set; }

    public int Done { get; set; }

    public int Total { get; set; }

    /// <summary>Of the attempt at work, or of the last one.</summary>
    public double? ImagesPerSecond { get; set; }

    /// <summary>Raised by every claim, as with runs.</summary>
    public int Attempt { get; set; }

    /// <summary>Claims since the last progress that were not ended by a shutdown: these are limited.</summary>
    public int Tries { get; set; }

    public string? Owner { get; set; }

    public DateTimeOffset LeaseUntil { get; set; }

    /// <summary>JSON of the problem it ended with.</summary>
    public string? Failure { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset? StartedAt { get; set; }

    public DateTimeOffset? FinishedAt { get; set; }
}

/// <summary>The life of a classification of a data set; the last three are its end.</summary>
internal enum ClassifyJobState
{
    Queued,
    Running,
    Succeeded,
    Failed,
    Cancelled,
}
