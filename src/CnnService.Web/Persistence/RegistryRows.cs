namespace CnnService.Web.Persistence;

/// <summary>What outlives a model's versions. Changes of one model's versions and aliases lock its row, so that they come one after the
/// other.</summary>
internal sealed class ModelRow
{
    public required string Name { get; set; }

    /// <summary>The highest version number ever given: none is given twice, whatever is deleted.</summary>
    public int HighestVersion { get; set; }
}

/// <summary>An alias changed what it names. Written with the change, never altered. Times are UTC.</summary>
internal sealed class AliasMoveRow
{
    public required string Model { get; set; }

    /// <summary>From 1, in the order of the changes of a model's aliases.</summary>
    public int Sequence { get; set; }

    public required string Alias { get; set; }

    /// <summary>The version it named before; null where it was new.</summary>
    public int? From { get; set; }

    /// <summary>The version it names; null where it was taken away.</summary>
    public int? To { get; set; }

    public AliasMoveReason Reason { get; set; }

    /// <summary>A key's name, <c>loopback</c> without keys, or the run or sweep that did it.</summary>
    public required string By { get; set; }

    public DateTimeOffset At { get; set; }
}

/// <summary>Why an alias names something else.</summary>
internal enum AliasMoveReason
{
    /// <summary>Somebody pointed it there.</summary>
    Set,

    /// <summary>Somebody took back the change before.</summary>
    RolledBack,

    /// <summary>Somebody took it away.</summary>
    Removed,

    /// <summary>A new version came: of <c>latest</c>.</summary>
    Published,

    /// <summary>The version it named was deleted.</summary>
    VersionDeleted,

    /// <summary>It follows the best trial of a sweep.</summary>
    BestOfSweep,
}

/// <summary>Two versions to compare on a part of a data set; the result is a file.</summary>
internal sealed class ComparisonRow : CountedRow
{
    public required string Id { get; set; }

    public required string ModelA { get; set; }

    public int VersionA { get; set; }

    public required string ModelB { get; set; }

    public int VersionB { get; set; }

    public required string Dataset { get; set; }

    public Core.Datasets.Split Split { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}
