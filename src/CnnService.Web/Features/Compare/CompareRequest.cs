using CnnService.Core.Datasets;

namespace CnnService.Web.Features.Compare;

/// <summary>A request to compare two versions on a data set.</summary>
internal sealed record CompareRequest
{
    /// <summary><c>name</c>, <c>name:version</c> or <c>name@alias</c>.</summary>
    public required string A { get; init; }

    /// <summary>As <c>a</c>; may belong to another model.</summary>
    public required string B { get; init; }

    /// <summary>Name of a data set whose classes both versions know.</summary>
    public required string Dataset { get; init; }

    /// <summary>The split to compare on.</summary>
    public Split Split { get; init; } = Split.Validation;
}
