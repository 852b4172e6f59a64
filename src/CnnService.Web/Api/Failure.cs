using CnnService.Core.Common;
using CnnService.Web.Persistence;

namespace CnnService.Web.Api;

/// <summary>What went wrong, in a resource that is there nevertheless.</summary>
/// <param name="Code">Stable, of the problem.</param>
/// <param name="Detail">A sentence.</param>
internal sealed record Failure(string Code, string Detail)
{
    public static Failure From(Problem problem) => new(problem.Code, problem.Detail);

    /// <param name="json">As a row keeps it; null where it keeps none.</param>
    public static Failure? From(string? json) => StoredFailure.Read(json) is { } stored ? new(stored.Code, stored.Detail) : null;
}
