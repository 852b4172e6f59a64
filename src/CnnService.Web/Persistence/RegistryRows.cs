namespace CnnService.Web.Persistence;

/// <summary>A model; outlives its versions. Changes of its versions and aliases lock this row, which serializes them.</summary>
internal sealed class ModelRow
{
    public required string Name { get; set; }

    /// <summary>The highest version number ever assigned: numbers are not reused, even after deletion.</summary>
    public int HighestVersion { get; set; }
}

/// <summary>A change of an alias, written in the same transaction and never modified. Times are UTC.</summary>
internal sealed class AliasMoveRow
{
    public required string Model { get; set; }

    /// <summary>From 1, in the order of the changes of a model's aliases.</summary>
    public int Sequence { get; set; }

    public required string Alias { get; set; }

    /// <summary>The version it named before; null if it was new.</summary>
    public int? From { get; set; }

    /// <summary>The version it names; null if it was removed.</summary>
    public int? To { get; set; }

    public AliasMoveReason Reason { get; set; }

    /// <summary>Name of an API key, <c>loopback</c> if no keys are configured, or the run or sweep that caused the change.</summary>
    public required string By { get; set; }

    public DateTimeOffset At { get; set; }
}

/// <summary>Why an alias changed.</summary>
internal enum AliasMoveReason
{
    /// <summary>A client set it.</summary>
    Set,

    /// <summary>A client rolled it back.</summary>
    RolledBack,

    /// <summary>A client removed it.</summary>
    Removed,

    /// <summary>A new version was published; for <c>latest</c>.</summary>
    Published,

    /// <summary>The version it named was deleted.</summary>
    VersionDeleted,

    /// <summary>It follows the best trial of a sweep.</summary>
    BestOfSweep,
}

/// <summary>A comparison of two versions on a split of a data set; its result is stored in a file.</summary>
internal sealed class ComparisonRow : CountedRow
{
    public required string Id { get; set; }

    public required string ModelA { get; set; }

    public int VersionA { get; set; }

    public required string ModelB { get; set; }

    public int VersionB { get; set; }

    public required string Dataset { get; set; }

    /// <summary>Number of the data set's revision.</summary>
    public int DatasetRevision { get; set; } = 1;

    /// <summary>Key of the listing of its result in the store of artifacts; null: it is in the data directory, or there is none.</summary>
    public string? Files { get; set; }

    public Core.Datasets.Split Split { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>The data set and its revision, as requests name them.</summary>
    public string DatasetReference() => new Core.Datasets.DatasetReference(Dataset, DatasetRevision).ToString();
}
