namespace CnnService.Web.Features.Models;

/// <summary>A request to calibrate a version.</summary>
internal sealed record CalibrateRequest
{
    /// <summary>Default: the data set it was trained on.</summary>
    public string? Dataset { get; init; }
}
