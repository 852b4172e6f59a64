using System.Globalization;
using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Web.Features.Inference;

/// <summary>The protocol's model repository: which models exist and which are loaded.</summary>
internal static class InferenceRepository
{
    private const int MaxModels = 1000;
    private const string Json = "application/json";

    private static readonly object Done = new();

    public static void MapRepository(this IEndpointRouteBuilder v2)
    {
        var repository = v2.MapGroup("/repository");
        repository.MapPost("/index", IndexAsync).WithName("RepositoryIndex").WithSummary("All versions and whether they can be run")
            .RequireAuthorization(Scopes.Read)
            .Produces(200, contentType: Json).ProducesProblems(400);
        repository.MapPost("/models/{model}/load", LoadAsync).WithName("RepositoryLoad")
            .WithSummary("Load a model's newest version into memory").RequireAuthorization(Scopes.Admin)
            .Produces(200, contentType: Json).ProducesProblems(400, 404, 501, 503);
        repository.MapPost("/models/{model}/unload", UnloadAsync).WithName("RepositoryUnload").WithSummary(
            "Unload all versions of a model; it is not ready until it is loaded again").RequireAuthorization(Scopes.Admin)
            .Produces(200, contentType: Json).ProducesProblems(400, 404);
    }

    /// <summary>All versions, with whether their files are intact.</summary>
    public static async Task<IReadOnlyList<(string Name, int Version, Outcome<LoadedModel> Loaded)>> VersionsAsync(
        InferenceServices services)
    {
        var all = new List<(string, int, Outcome<LoadedModel>)>();
        foreach (var name in await services.Models.NamesAsync(MaxModels, null))
        {
            foreach (var row in await services.Models.VersionsAsync(name))
            {
                all.Add((name, row.Version, await services.Registry.ResolveAsync(name, row.Version)));
            }
        }

        return all;
    }

    private static async Task<IResult> IndexAsync(HttpContext http, [AsParameters] InferenceServices services)
    {
        var body = await BodyAsync(http);
        if (body.Problem is { } problem)
        {
            return problem.ToResult();
        }

        var readyOnly = body.Value is { ValueKind: JsonValueKind.Object } asked && asked.TryGetProperty("ready", out var ready)
            && ready.ValueKind == JsonValueKind.True;
        var index = (await VersionsAsync(services)).Select(one =>
        {
            var reason = one.Loaded.Problem?.Detail ?? (services.Unloaded.Contains(one.Name) ? "unloaded" : string.Empty);
            return new
            {
                name = one.Name,
                version = one.Version.ToString(CultureInfo.InvariantCulture),
                state = reason.Length == 0 ? "READY" : "UNAVAILABLE",
                reason
            };
        });
        return TypedResults.Ok(index.Where(one => !readyOnly || one.reason.Length == 0).ToArray());
    }

    private static async Task<IResult> LoadAsync(HttpContext http, [AsParameters] InferenceServices services, string model)
    {
        var body = await BodyAsync(http);
        if (body.Problem is { } malformed)
        {
            return malformed.ToResult();
        }

        if (body.Value is { } asked && Overrides(asked))
        {
            return Problem.Invalid(InferenceErrors.Unsupported,
                "load with a configuration or files is not supported: models come by POST /models and by training").ToResult();
        }

        var found = await services.Registry.ResolveAsync(model);
        var loaded = found.Problem is { } missing ? missing : await services.Runner.DescribeAsync(found.Value, http.RequestAborted);
        if (loaded.Problem is { } problem)
        {
            return problem.ToResult();
        }

        services.Unloaded.Remove(found.Value.Name);
        return TypedResults.Ok(Done);
    }

    private static async Task<IResult> UnloadAsync(HttpContext http, [AsParameters] InferenceServices services, string model)
    {
        var body = await BodyAsync(http);
        var found = body.Problem is { } malformed ? malformed : await services.Registry.ResolveAsync(model);
        if (found.Problem is { } problem)
        {
            return problem.ToResult();
        }

        services.Unloaded.Add(found.Value.Name);
        foreach (var row in await services.Models.VersionsAsync(found.Value.Name))
        {
            var version = await services.Registry.ResolveAsync(found.Value.Name, row.Version);
            if (version.Succeeded)
            {
                services.Runner.Unload(version.Value);
            }
        }

        return TypedResults.Ok(Done);
    }

    /// <summary>The body as a JSON object; null if there is none.</summary>
    private static async Task<Outcome<JsonElement?>> BodyAsync(HttpContext http)
    {
        var body = await new InferenceBody(http.Request.Body, http.Request.ContentLength).RestAsync(http.RequestAborted);
        return body.Bind(Parse);
    }

    private static Outcome<JsonElement?> Parse(byte[] bytes)
    {
        try
        {
            return bytes.Length == 0 ? Outcome.Success<JsonElement?>(null)
                : JsonSerializer.Deserialize<JsonElement>(bytes) is { ValueKind: JsonValueKind.Object } json ? (JsonElement?)json
                : InferenceRequest.Invalid("the body must be a JSON object, or empty");
        }
        catch (JsonException malformed)
        {
            return InferenceJson.Malformed(bytes, malformed);
        }
    }

    private static bool Overrides(JsonElement json) => json.ValueKind == JsonValueKind.Object
        && json.TryGetProperty("parameters", out var parameters) && parameters.ValueKind == JsonValueKind.Object
        && parameters.EnumerateObject().Any();
}
