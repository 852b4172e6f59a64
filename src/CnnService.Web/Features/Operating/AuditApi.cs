using CnnService.Web.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CnnService.Web.Features.Operating;

/// <summary>/audit: who changed what.</summary>
internal static class AuditApi
{
    public static void MapAudit(this IEndpointRouteBuilder routes) => routes.MapGet("/audit", ListAsync)
        .WithName("ListAudit").WithTags("Operating").WithSummary("Who changed what, newest first")
        .WithDescription("Each change that succeeded, as long as `Retention:Audit` says.")
        .RequireAuthorization(Scopes.Admin).ProducesProblems(400);

    private static Task<Results<Ok<Page<AuditResource>>, ProblemResult>> ListAsync(
        AuditStore audit, int? limit, string? after, CancellationToken cancel) =>
        Paging.Limit(limit, after, RunId.IsId).ToResultAsync(async pageSize => TypedResults.Ok(
            Paging.Create(await audit.ListAsync(pageSize + 1, after, cancel), pageSize, AuditResource.From, row => row.Id)));
}

/// <summary>A change.</summary>
/// <param name="At">When.</param>
/// <param name="Key">Name of the key; <c>loopback</c> where none is needed.</param>
/// <param name="Operation">Name of the operation.</param>
/// <param name="Resource">Path of what was changed or made.</param>
/// <param name="Outcome">The status that was answered.</param>
internal sealed record AuditResource(DateTimeOffset At, string Key, string Operation, string Resource, int Outcome)
{
    public static AuditResource From(AuditRow row) => new(row.At, row.Key, row.Operation, row.Resource, row.Status);
}
