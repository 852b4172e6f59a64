using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Web.Monitoring;
using CnnService.Web.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CnnService.Web.Features.Monitoring;

/// <summary>/models/{name}/shadow: a candidate version that is run on the images that the served version classifies.</summary>
internal static class ShadowApi
{
    public static void MapShadow(this RouteGroupBuilder models)
    {
        models.MapPut("/{name}/shadow", SetAsync).WithName("SetShadow").WithSummary(
            "Run a candidate version in the shadow of the served one")
            .WithDescription(
                "The candidate also classifies a `share` (default 1) of the images of `POST /classify`, each after the "
                + "client has received its response. "
                + "`shadow.is-served` if `latest` and every alias name the candidate itself.")
            .Accepts<ShadowRequest>("application/json").WithExample("""{ "alias": "candidate", "share": 0.25 }""")
            .RequireAuthorization(Scopes.Admin).ProducesProblems(400, 404, 409, 415, 422, 503, 504);
        models.MapGet("/{name}/shadow", GetAsync).WithName("GetShadow").WithSummary("How often candidate and served version agreed")
            .RequireAuthorization(Scopes.Read).ProducesProblems(404);
        models.MapDelete("/{name}/shadow", EndAsync).WithName("EndShadow").WithSummary("End the shadow and delete its counts")
            .RequireAuthorization(Scopes.Admin).ProducesProblems(404);
    }

    private static async Task<Results<Ok<ShadowResource>, ProblemResult>> SetAsync(
        HttpContext http, [AsParameters] ShadowServices services, string name)
    {
        var cancel = http.RequestAborted;
        return await JsonRequest.ReadAsync<ShadowRequest>(http.Request, cancel, Check)
            .MapAsync(request => new ShadowRow { Model = name, Alias = request.Alias, Version = request.Version, Share = request.Share })
            .BindAsync(row => services.Registry.ResolveAsync(MonitoringSettings.Reference(row))
                .BindAsync(model => model.RequireClasses())
                .CheckAsync(candidate => ServedAsync(services, name, candidate.Version, cancel))
                .CheckAsync(candidate => services.Warmup.CheckAsync(name, candidate.Version, cancel))
                .MapAsync(candidate => BeginAsync(services, row, candidate, cancel)))
            .ToResultAsync(begun => TypedResults.Ok(begun));
    }

    private static async Task<ShadowResource> BeginAsync(
        ShadowServices services, ShadowRow row, LoadedModel candidate, CancellationToken cancel)
    {
        var begun = await services.Store.BeginAsync(row, cancel);
        await services.Settings.RefreshAsync();
        return ShadowResource.From(begun, candidate, []);
    }

    private static async Task<Results<Ok<ShadowResource>, ProblemResult>> GetAsync(
        [AsParameters] ShadowServices services, string name, CancellationToken cancel)
    {
        await services.Traffic.FlushAsync();
        if (await services.Store.FindAsync(name, cancel) is not { } row)
        {
            return NotFound(name).ToResult();
        }

        var candidate = await services.Registry.ResolveAsync(MonitoringSettings.Reference(row));
        return TypedResults.Ok(
            ShadowResource.From(row, candidate.Succeeded ? candidate.Value : null, await services.Store.CountsAsync(name, cancel)));
    }

    private static async Task<Results<NoContent, ProblemResult>> EndAsync(
        [AsParameters] ShadowServices services, string name, CancellationToken cancel)
    {
        if (!await services.Store.EndAsync(name, cancel))
        {
            return NotFound(name).ToResult();
        }

        await services.Settings.RefreshAsync();
        return TypedResults.NoContent();
    }

    /// <summary>
    /// Rejects a candidate that every alias names: a version is not run on images it has classified itself, so it would receive none.
    /// </summary>
    private static async Task<Problem?> ServedAsync(ShadowServices services, string name, int candidate, CancellationToken cancel)
    {
        var aliases = await services.Models.AliasesAsync(name, cancel);
        var newest = (await services.Models.VersionsAsync(name, cancel)).Max(row => (int?)row.Version);
        return newest != candidate || aliases.Any(row => row.Version != candidate) ? null : Problem.Conflict(
            "shadow.is-served",
            $"Version {candidate} is the one that is served: "
            + $"{string.Join(", ", aliases.Select(row => $"'{name}@{row.Alias}'").Prepend($"'{name}'"))} "
            + $"{(aliases.Count == 0 ? "names" : "all name")} it, and it is not asked again about what it answered. "
            + $"Point an alias at the version that shall answer, such as PUT "
            + $"/models/{name}/aliases/production, or name another candidate.");
    }

    private static void Check(ShadowRequest request, ValidationErrors errors)
    {
        errors.Require(request.Share is > 0 and <= 1, "share", $"must be above 0 and at most 1, received {request.Share}");
        errors.Require(request.Alias is null != request.Version is null, "alias", "must be given, or version, but not both");
        errors.Require(request.Alias is null || ResourceName.IsValid(request.Alias), "alias",
            $"{ResourceName.Rule}, received \"{request.Alias}\"");
        errors.Require(request.Version is null or > 0, "version", $"must be at least 1, received {request.Version}");
    }

    private static Problem NotFound(string name) =>
        Problem.NotFound("shadow.not-found", $"The model '{name}' has no shadow: PUT /models/{name}/shadow begins one.");
}

/// <summary>The services needed for shadows.</summary>
internal sealed record ShadowServices(
    ShadowStore Store, ShadowTraffic Traffic, MonitoringSettings Settings, ModelRegistry Registry, ModelStore Models, AliasWarmup Warmup);
