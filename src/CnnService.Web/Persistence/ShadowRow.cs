namespace CnnService.Web.Persistence;

/// <summary>
/// The shadow of a model: a candidate version that is run on the images that the served version classifies. Times are UTC.
/// </summary>
internal sealed class ShadowRow
{
    public required string Model { get; set; }

    /// <summary>Alias of the candidate; null if <see cref="Version"/> is set.</summary>
    public string? Alias { get; set; }

    /// <summary>Version of the candidate; null if <see cref="Alias"/> is set.</summary>
    public int? Version { get; set; }

    /// <summary>Share of classified images, above 0 and up to 1.</summary>
    public double Share { get; set; }

    /// <summary>Start of the shadow; distinguishes its counts from those of earlier ones.</summary>
    public DateTimeOffset Since { get; set; }

    /// <summary>Selected images that were dropped because the queue was full.</summary>
    public long Dropped { get; set; }

    /// <summary>Images that the candidate failed on.</summary>
    public long Failed { get; set; }
}
