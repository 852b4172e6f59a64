namespace CnnService.Web.Persistence;

/// <summary>A job that classifies a data set; its result is stored in files. Times are UTC.</summary>
internal sealed class ClassifyJobRow : CountedRow
{
    public required string Id { get; set; }

    public required string Model { get; set; }

    /// <summary>The version that the request's reference named when it was received.</summary>
    public int Version { get; set; }

    public required string Dataset { get; set; }

    /// <summary>Number of the data set's revision.</summary>
    public int DatasetRevision { get; set; } = 1;

    /// <summary>Key of the listing of its result in the store of artifacts; null: it is in the data directory, or there is none.</summary>
    public string? Files { get; set; }

    /// <summary>Digest of the data set's content when the request was received.</summary>
    public required string Digest { get; set; }

    /// <summary>The split to classify; null: all images.</summary>
    public Core.Datasets.Split? Split { get; set; }

    /// <summary>Throughput of the current or last attempt.</summary>
    public double? ImagesPerSecond { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}
