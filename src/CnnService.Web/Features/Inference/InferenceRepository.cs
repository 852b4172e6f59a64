using System.Globalization;
using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Web.Hosting;
using CnnService.Web.Persistence;

namespace CnnService.Web.Features.Inference;

/// <summary>The protocol's model repository: what there is, and what is held in memory.</summary>
internal static class InferenceRepository
{
    private const int MostModels = 1000;
    private const string Json = "application/json";

    private static readonly object Done = new();

    public static void MapRepository(this IEndpointRouteBuilder v2)
    {
        var repository = v2.MapGroup("/repository");
        repository.MapPost("/index", IndexAsync).WithName("RepositoryIndex").WithSummary("All versions and whether they can be run").RequireAuthorization(Scopes.Read)
            .Produces(200, contentType: Json).ProducesProblems(400);
        repository.MapPost("/models/{model}/load", LoadAsync).WithName("RepositoryLoad").WithSummary("Load a model's newest version into memory").RequireAuthorization(Scopes.Admin)
            .Produces(200, contentType: Json).ProducesProblems(400, 404, 503);
        repository.MapPost("/models/{model}/unload", UnloadAsync).WithName("RepositoryUnload").WithSummary("Give back the memory of a model's versions; a request loads them again").RequireAuthorization(Scopes.Admin)
            .Produces(200, contentType: Json).ProducesProblems(400, 404);
    }

    public static async Task<IReadOnlyList<(string Name, int Version)>> VersionsAsync(ModelStore models)
    {
        var all = new List<(string, int)>();
        foreach (var name in await models.NamesAsync(MostModels, null).ConfigureAwait(false))
        {
            all.AddRange((await models.VersionsAsync(name).ConfigureAwait(false)).Select(row => (name, row.Version)));
        }

        return all;
    }

    private static async Task<IResult> IndexAsync([AsParameters] InferenceParts parts)
    {
        var index = new List<object>();
        foreach (var (name, version) in await VersionsAsync(parts.Models).ConfigureAwait(false))
        {
            var loaded = await parts.Registry.ResolveAsync(name, version).ConfigureAwait(false);
            index.Add(new { name, version = version.ToString(CultureInfo.InvariantCulture), state = loaded.Succeeded ? "READY" : "UNAVAILABLE", reason = loaded.Problem?.Detail ?? string.Empty });
        }

        return TypedResults.Ok(index);
    }

    private static async Task<IResult> LoadAsync(HttpContext http, [AsParameters] InferenceParts parts, string model)
    {
        if (await OverridesAsync(http).ConfigureAwait(false))
        {
            return Problem.Invalid("inference.unsupported", "load with parameters is not supported: models come by POST /models and by training").ToResult();
        }

        var loaded = (await parts.Registry.ResolveAsync(model).ConfigureAwait(false)).Then(parts.Runner.Describe);
        return loaded.Match<IResult>(_ => TypedResults.Ok(Done), problem => problem.ToResult());
    }

    private static async Task<IResult> UnloadAsync([AsParameters] InferenceParts parts, string model)
    {
        var found = await parts.Registry.ResolveAsync(model).ConfigureAwait(false);
        if (found.Problem is { } problem)
        {
            return problem.ToResult();
        }

        foreach (var row in await parts.Models.VersionsAsync(found.Value.Name).ConfigureAwait(false))
        {
            parts.Classifier.Unload(parts.Folders.ModelVersion(found.Value.Name, row.Version));
            var version = await parts.Registry.ResolveAsync(found.Value.Name, row.Version).ConfigureAwait(false);
            if (version.Succeeded)
            {
                parts.Runner.Unload(version.Value);
            }
        }

        return TypedResults.Ok(Done);
    }

    private static async Task<bool> OverridesAsync(HttpContext http)
    {
        if (http.Request.ContentLength is null or 0)
        {
            return false;
        }

        try
        {
            using var json = await JsonDocument.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted).ConfigureAwait(false);
            return json.RootElement.ValueKind == JsonValueKind.Object
                && json.RootElement.TryGetProperty("parameters", out var parameters) && parameters.ValueKind == JsonValueKind.Object && parameters.EnumerateObject().Any();
        }
        catch (JsonException)
        {
            return true; // What it says is not what a plain load says.
        }
    }
}
