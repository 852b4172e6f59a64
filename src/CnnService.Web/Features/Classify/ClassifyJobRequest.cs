using CnnService.Core.Datasets;

namespace CnnService.Web.Features.Classify;

/// <summary>A data set to classify.</summary>
internal sealed record ClassifyJobRequest
{
    /// <summary><c>name</c>, <c>name:version</c> or <c>name@alias</c>; may be left out where only one model exists.</summary>
    public string? Model { get; init; }

    /// <summary>Its name.</summary>
    public required string Dataset { get; init; }

    /// <summary>The part of it; all images where it is left out.</summary>
    public Split? Split { get; init; }
}
