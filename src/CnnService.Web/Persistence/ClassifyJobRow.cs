namespace CnnService.Web.Persistence;

/// <summary>A data set that a version classifies; the result is files. Times are UTC.</summary>
internal sealed class ClassifyJobRow : CountedRow
{
    public required string Id { get; set; }

    public required string Model { get; set; }

    /// <summary>What the request's model meant when it came.</summary>
    public int Version { get; set; }

    public required string Dataset { get; set; }

    /// <summary>Of the data set's content when the request came.</summary>
    public required string Digest { get; set; }

    /// <summary>Null: all images.</summary>
    public Core.Datasets.Split? Split { get; set; }

    /// <summary>Of the attempt at work, or of the last one.</summary>
    public double? ImagesPerSecond { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}
