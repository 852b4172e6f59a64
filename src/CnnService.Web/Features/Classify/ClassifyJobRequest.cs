using CnnService.Core.Datasets;

namespace CnnService.Web.Features.Classify;

/// <summary>A request to classify a data set.</summary>
internal sealed record ClassifyJobRequest
{
    /// <summary><c>name</c>, <c>name:version</c> or <c>name@alias</c>; optional if there is only one model.</summary>
    public string? Model { get; init; }

    /// <summary>The data set's name.</summary>
    public required string Dataset { get; init; }

    /// <summary>The split to classify; all images if omitted.</summary>
    public Split? Split { get; init; }
}
