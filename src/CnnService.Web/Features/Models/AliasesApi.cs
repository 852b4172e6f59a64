using CnnService.Core.Common;
using CnnService.Web.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CnnService.Web.Features.Models;

/// <summary>/models/{name}/aliases: promotion, roll back, and the history of changes.</summary>
internal static class AliasesApi
{
    public static void MapAliases(this RouteGroupBuilder models)
    {
        models.MapPut("/{name}/aliases/{alias}", SetAsync).WithName("SetAlias")
            .WithSummary("Point an alias at a version: promote or roll back")
            .WithDescription(
                "The version is loaded first: one that cannot be loaded is rejected (`model.not-loadable`), and requests by the alias "
                + "do not wait for loading.")
            .Accepts<AliasRequest>("application/json").WithExample("""{ "version": 1 }""").RequireAuthorization(Scopes.Admin)
            .ProducesProblems(400, 404, 409, 415, 503, 504);
        models.MapPost("/{name}/aliases/{alias}/rollback", RollBackAsync).WithName("RollBackAlias")
            .WithSummary("Roll an alias back to the version it named before")
            .WithDescription(
                "Restores the version before the last change; repeated, the one before that.")
            .RequireAuthorization(Scopes.Admin).ProducesProblems(400, 404, 409, 503, 504);
        models.MapDelete("/{name}/aliases/{alias}", RemoveAsync).WithName("RemoveAlias").WithSummary("Remove an alias")
            .RequireAuthorization(Scopes.Admin).ProducesProblems(400, 404);
        models.MapGet("/{name}/aliases/history", HistoryAsync).WithName("ListAliasMoves")
            .WithSummary("The history of a model's aliases")
            .WithDescription(
                "Newest first. Includes `latest`, which moves when versions are published or deleted. `alias` selects one alias. `by` "
                + "is the name of an API key, `loopback` if no keys are configured, or the run or sweep that published.")
            .RequireAuthorization(Scopes.Read).ProducesProblems(400, 404);
    }

    private static async Task<Results<Ok<AliasResource>, ProblemResult>> SetAsync(
        HttpContext http, [AsParameters] AliasServices services, string name, string alias)
    {
        var request = await JsonRequest.ReadAsync<AliasRequest>(http.Request, http.RequestAborted);
        return await request
            .Check(_ => ResourceName.IsValid(alias) && !IsLatest(alias) ? null : Problem.Invalid("model.bad-alias",
                $"An alias {ResourceName.Rule} and is not '{ModelStore.Latest}', which always names the newest version."))
            .Check(target => target.Version < 1 ? AliasStore.VersionNotFound(name, target.Version) : null)
            .CheckAsync(target => services.Warmup.CheckAsync(name, target.Version, http.RequestAborted))
            .BindAsync(target => services.Aliases.SetAsync(name, alias, target.Version, Caller.Identify(http), http.RequestAborted))
            .ToResultAsync(row => TypedResults.Ok(AliasResource.From(row)));
    }

    private static async Task<Results<Ok<AliasResource>, ProblemResult>> RollBackAsync(
        HttpContext http, [AsParameters] AliasServices services, string name, string alias)
    {
        var target = IsLatest(alias)
            ? Unmovable("rolled back: delete the newest version, or point an alias at the one that is wanted")
            : await services.Aliases.BeforeAsync(name, alias, http.RequestAborted);
        return await target
            .CheckAsync(version => services.Warmup.CheckAsync(name, version, http.RequestAborted))
            .BindAsync(version => services.Aliases.RollBackAsync(name, alias, version, Caller.Identify(http), http.RequestAborted))
            .ToResultAsync(row => TypedResults.Ok(AliasResource.From(row)));
    }

    private static async Task<Results<NoContent, ProblemResult>> RemoveAsync(
        HttpContext http, AliasStore aliases, string name, string alias)
    {
        var removed = IsLatest(alias)
            ? Unmovable("deleted")
            : await aliases.RemoveAsync(name, alias, Caller.Identify(http), http.RequestAborted);
        return removed.ToResult(_ => TypedResults.NoContent());
    }

    private static Task<Results<Ok<Page<AliasMoveResource>>, ProblemResult>> HistoryAsync(
        AliasStore aliases, string name, string? alias, int? limit, int? after, CancellationToken cancel) =>
        Paging.Limit(limit)
            .MapAsync(async pageSize => Paging.Create(
                await aliases.HistoryAsync(name, alias, pageSize + 1, after, cancel), pageSize, AliasMoveResource.FromRow,
                row => row.Sequence.ToString(System.Globalization.CultureInfo.InvariantCulture)))
            .CheckAsync(async page => page.Items.Count > 0 || await aliases.IsKnownAsync(name, cancel)
                ? null
                : ModelStore.NotFound(name))
            .ToResultAsync(page => TypedResults.Ok(page));

    private static bool IsLatest(string alias) => alias == ModelStore.Latest;

    private static Problem Unmovable(string done) =>
        Problem.Invalid("model.bad-alias", $"'{ModelStore.Latest}' always names the newest version and is no alias that can be {done}.");
}

/// <summary>The services needed for changing aliases.</summary>
internal sealed record AliasServices(AliasStore Aliases, AliasWarmup Warmup);
