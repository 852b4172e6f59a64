namespace CnnService.Web.Persistence;

/// <summary>Capture settings of a model: its predictions are counted, and a share of the images is stored.</summary>
internal sealed class CaptureRow
{
    public required string Model { get; set; }

    /// <summary>Share of images to store, 0–1; 0 only counts predictions.</summary>
    public double Share { get; set; }

    public int MaxImages { get; set; }

    public long MaxBytes { get; set; }

    public DateTimeOffset Since { get; set; }

    /// <summary>Images dropped because the queue was full.</summary>
    public long Dropped { get; set; }
}
