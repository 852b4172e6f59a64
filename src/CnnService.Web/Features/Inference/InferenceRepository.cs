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
        InferenceServices services, CancellationToken cancel)
    {
        var all = new List<(string, int, Outcome<LoadedModel>)>();
        foreach (var name in await services.Models.NamesAsync(MaxModels, null, cancel))
        {
            foreach (var row in await services.Models.VersionsAsync(name, cancel))
            {
                all.Add((name, row.Version, await services.Registry.ResolveAsync(name, row.Version)));
            }
        }

        return all;
    }

    private static Task<IResult> IndexAsync(HttpContext http, [AsParameters] InferenceServices services) =>
        BodyAsync(http).ToIResultAsync(body => ListAsync(services, body, http.RequestAborted));

    private static async Task<IResult> ListAsync(InferenceServices services, JsonElement? body, CancellationToken cancel)
    {
        var readyOnly = body is { ValueKind: JsonValueKind.Object } asked && asked.TryGetProperty("ready", out var ready)
            && ready.ValueKind == JsonValueKind.True;
        var index = (await VersionsAsync(services, cancel)).Select(one =>
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

    private static Task<IResult> LoadAsync(HttpContext http, [AsParameters] InferenceServices services, string model) =>
        BodyAsync(http)
            .CheckAsync(body => body is { } asked && Overrides(asked)
                ? Problem.Invalid(InferenceErrors.Unsupported,
                    "load with a configuration or files is not supported: models come by POST /models and by training")
                : null)
            .BindAsync(_ => services.Registry.ResolveAsync(model))
            .CheckAsync(async found => (await services.Runner.DescribeAsync(found, http.RequestAborted)).Problem)
            .ToIResultAsync(found =>
            {
                services.Unloaded.Remove(found.Name);
                return TypedResults.Ok(Done);
            });

    private static Task<IResult> UnloadAsync(HttpContext http, [AsParameters] InferenceServices services, string model) =>
        BodyAsync(http)
            .BindAsync(_ => services.Registry.ResolveAsync(model))
            .ToIResultAsync(found => UnloadVersionsAsync(services, found.Name, http.RequestAborted));

    private static async Task<IResult> UnloadVersionsAsync(InferenceServices services, string name, CancellationToken cancel)
    {
        services.Unloaded.Add(name);
        foreach (var row in await services.Models.VersionsAsync(name, cancel))
        {
            var version = await services.Registry.ResolveAsync(name, row.Version);
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
        var body = await InferenceBody.From(http).RestAsync(http.RequestAborted);
        return body.Bind(Parse);
    }

    private static Outcome<JsonElement?> Parse(byte[] bytes)
    {
        if (bytes.Length == 0)
        {
            return Outcome.Success<JsonElement?>(null);
        }

        return InferenceJson.Parse(bytes).Bind<JsonElement?>(document =>
        {
            using (document)
            {
                return document.RootElement.ValueKind == JsonValueKind.Object
                    ? document.RootElement.Clone()
                    : InferenceRequest.Invalid("the body must be a JSON object, or empty");
            }
        });
    }

    private static bool Overrides(JsonElement json) => json.ValueKind == JsonValueKind.Object
        && json.TryGetProperty("parameters", out var parameters) && parameters.ValueKind == JsonValueKind.Object
        && parameters.EnumerateObject().Any();
}
