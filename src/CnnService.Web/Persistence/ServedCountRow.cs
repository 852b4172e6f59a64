namespace CnnService.Web.Persistence;

/// <summary>Number of predictions of a version in an hour, by class and confidence.</summary>
internal sealed class ServedCountRow
{
    public required string Model { get; set; }

    public int Version { get; set; }

    /// <summary>Start of the hour, UTC.</summary>
    public DateTimeOffset Hour { get; set; }

    public required string Label { get; set; }

    /// <summary>Tenth of the label's probability, 0 to 9.</summary>
    public int Tenth { get; set; }

    public long Count { get; set; }
}
