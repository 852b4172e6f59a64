namespace CnnService.Web.Persistence;

/// <summary>A quantization of a version; its result is stored in files of the version's folder. Times are UTC.</summary>
internal sealed class QuantizationRow : CountedRow
{
    public required string Id { get; set; }

    public required string Model { get; set; }

    public int Version { get; set; }

    public required string Dataset { get; set; }

    /// <summary>Number of the data set's revision.</summary>
    public int DatasetRevision { get; set; } = 1;

    /// <summary>How much accuracy the 8-bit network may lose, 0–1.</summary>
    public double MaxAccuracyLoss { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}
