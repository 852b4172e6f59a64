namespace CnnService.Web.Features.Models;

/// <summary>A request to quantize a version.</summary>
internal sealed record QuantizeRequest
{
    /// <summary>Default: the data set it was trained on.</summary>
    public string? Dataset { get; init; }

    /// <summary>How much less the accuracy may be, 0 to 1.</summary>
    public double MaxAccuracyLoss { get; init; } = 0.005;
}
