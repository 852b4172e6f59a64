namespace CnnService.Web.Persistence;

/// <summary>Work on a version with the images of a data set; its result lies in files of the version's folder. Times are UTC.</summary>
internal abstract class VersionWorkRow : CountedRow
{
    public required string Id { get; set; }

    public required string Model { get; set; }

    public int Version { get; set; }

    public required string Dataset { get; set; }

    /// <summary>Number of the data set's revision.</summary>
    public int DatasetRevision { get; set; } = 1;

    public DateTimeOffset CreatedAt { get; set; }
}
