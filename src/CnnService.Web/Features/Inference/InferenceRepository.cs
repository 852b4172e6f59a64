using System.Text.Json;
using CnnService.Core.Common;

namespace CnnService.Web.Features.Inference;

/// <summary>The protocol's model repository: which models exist and which are loaded.</summary>
internal static class InferenceRepository
{
    private const string Json = "application/json";

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

    private static Task<IResult> IndexAsync(HttpContext http, [AsParameters] InferenceServices services) =>
        BodyAsync(http).ToIResultAsync(async body =>
        {
            var readyOnly = body is { ValueKind: JsonValueKind.Object } asked && asked.TryGetProperty("ready", out var ready)
                && ready.ValueKind == JsonValueKind.True;
            return TypedResults.Ok(await RepositoryAnswers.IndexAsync(services, readyOnly, http.RequestAborted));
        });

    private static Task<IResult> LoadAsync(HttpContext http, [AsParameters] InferenceServices services, string model) =>
        BodyAsync(http)
            .BindAsync(body => RepositoryAnswers.LoadAsync(services, model, body is { } asked && Overrides(asked), http.RequestAborted))
            .ToIResultAsync(done => TypedResults.Ok(done));

    private static Task<IResult> UnloadAsync(HttpContext http, [AsParameters] InferenceServices services, string model) =>
        BodyAsync(http)
            .BindAsync(_ => RepositoryAnswers.UnloadAsync(services, model, http.RequestAborted))
            .ToIResultAsync(done => TypedResults.Ok(done));

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
