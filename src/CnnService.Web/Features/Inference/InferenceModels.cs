using CnnService.Core.Classification;
using CnnService.Core.Common;
using CnnService.Web.Persistence;

namespace CnnService.Web.Features.Inference;

/// <summary>The protocol's operations on the server and its models.</summary>
internal static class InferenceModels
{
    private const string Json = "application/json";

    private const string OneInput =
        "A request contains the input listed in `inputs`, or one of `alternative_inputs` instead.";

    public static void MapServerState(this IEndpointRouteBuilder v2)
    {
        v2.MapGet("/", () => TypedResults.Ok(ModelAnswers.Server()))
            .WithName("ServerMetadata").WithSummary("Name, version and extensions of the server").RequireAuthorization(Scopes.Read)
            .ProducesProblems();
        var health = v2.MapGroup("/health").AllowAnonymous().DisableRateLimiting();
        health.MapGet("/live", () => TypedResults.Ok(new ServerLiveness(true)))
            .WithName("ServerLive").WithSummary("Whether the server responds")
            .ProducesProblems();
        health.MapGet("/ready", ServerReadyAsync).WithName("ServerReady").WithSummary("Whether the server can take requests")
            .Produces(200, contentType: Json).ProducesProblems(503);
    }

    public static void MapModelState(this IEndpointRouteBuilder v2)
    {
        foreach (var (path, suffix, of) in new[] { ("/models/{model}", string.Empty, "a model's newest version"),
            ("/models/{model}/versions/{version}", "Version", "a version") })
        {
            var model = v2.MapGroup(path).RequireAuthorization(Scopes.Read);
            model.MapGet("/", MetadataAsync).WithName($"Metadata{suffix}").WithSummary($"Inputs and outputs of {of}")
                .WithDescription(suffix.Length == 0 ? OneInput : "As for the newest version.")
                .Produces(200, contentType: Json).ProducesProblems(400, 404, 503);
            model.MapGet("/ready", ReadyAsync).WithName($"ModelReady{suffix}").WithSummary($"Whether {of} can be run")
                .Produces(200, contentType: Json).ProducesProblems(400, 404, 503);
            model.MapGet("/config", ConfigAsync).WithName($"ModelConfig{suffix}").WithSummary($"Configuration of {of}")
                .Produces(200, contentType: Json).ProducesProblems(400, 404, 503);
            model.MapGet("/stats", StatisticsAsync).WithName($"ModelStatistics{suffix}")
                .WithSummary($"Request counts and durations of {of} since the server started")
                .Produces(200, contentType: Json).ProducesProblems(400, 404);
        }

        v2.MapGet("/models/stats", AllStatisticsAsync).WithName("AllStatistics")
            .WithSummary("Request counts and durations of all versions since the server started")
            .RequireAuthorization(Scopes.Read).Produces(200, contentType: Json).ProducesProblems(404);
    }

    private static Task<IResult> ServerReadyAsync(Store store, IServingDevice device, CancellationToken cancel) =>
        SendAsync(ModelAnswers.ServerReadyAsync(store, device, cancel));

    private static Task<IResult> MetadataAsync(
        [AsParameters] InferenceServices services, string model, string? version, CancellationToken cancel) =>
        SendAsync(ModelAnswers.MetadataAsync(services, model, version, cancel));

    private static Task<IResult> ReadyAsync(
        [AsParameters] InferenceServices services, string model, string? version, CancellationToken cancel) =>
        SendAsync(ModelAnswers.ReadyAsync(services, model, version, cancel));

    private static Task<IResult> ConfigAsync(
        [AsParameters] InferenceServices services, string model, string? version, CancellationToken cancel) =>
        SendAsync(ModelAnswers.ConfigAsync(services, model, version, cancel));

    private static Task<IResult> StatisticsAsync([AsParameters] InferenceServices services, string model, string? version) =>
        SendAsync(ModelAnswers.StatisticsAsync(services, model, version));

    private static async Task<IResult> AllStatisticsAsync([AsParameters] InferenceServices services, CancellationToken cancel) =>
        TypedResults.Ok(await ModelAnswers.AllStatisticsAsync(services, cancel));

    private static Task<IResult> SendAsync(Task<Outcome<object>> answer) => answer.ToIResultAsync(found => TypedResults.Ok(found));
}

/// <param name="Live">Always true.</param>
internal sealed record ServerLiveness(bool Live);
