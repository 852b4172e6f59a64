using CnnService.Core.Datasets;

namespace CnnService.Web.Features.Compare;

/// <summary>Two versions, and what to compare them on.</summary>
internal sealed record CompareRequest
{
    /// <summary><c>name</c>, <c>name:version</c> or <c>name@alias</c>.</summary>
    public required string A { get; init; }

    /// <summary>As <c>a</c>; may be another model's.</summary>
    public required string B { get; init; }

    /// <summary>A data set whose classes both know.</summary>
    public required string Dataset { get; init; }

    /// <summary>The part of it.</summary>
    public Split Split { get; init; } = Split.Validation;
}
