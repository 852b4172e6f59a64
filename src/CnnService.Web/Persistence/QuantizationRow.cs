namespace CnnService.Web.Persistence;

/// <summary>A quantization of a version.</summary>
internal sealed class QuantizationRow : VersionWorkRow
{
    /// <summary>How much accuracy the 8-bit network may lose, 0–1.</summary>
    public double MaxAccuracyLoss { get; set; }
}
