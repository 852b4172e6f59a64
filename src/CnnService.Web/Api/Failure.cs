using CnnService.Core.Common;
using CnnService.Web.Persistence;

namespace CnnService.Web.Api;

/// <summary>Why a resource is in a failed state.</summary>
/// <param name="Code">Stable problem code.</param>
/// <param name="Detail">Explanation in one sentence or more.</param>
internal sealed record Failure(string Code, string Detail)
{
    public static Failure From(Problem problem) => new(problem.Code, problem.Detail);

    /// <param name="json">A stored problem as JSON; null if the row contains none.</param>
    public static Failure? From(string? json) => StoredFailure.Read(json) is { } stored ? new(stored.Code, stored.Detail) : null;
}
