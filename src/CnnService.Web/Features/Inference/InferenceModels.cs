using System.Globalization;
using CnnService.Core.Classification;
using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Onnx.Serving;
using CnnService.Web.Persistence;

namespace CnnService.Web.Features.Inference;

/// <summary>The protocol's operations on the server and its models.</summary>
internal static class InferenceModels
{
    private const string Json = "application/json";

    private const string OneInput =
        "A request contains the input listed in `inputs`, or one of `alternative_inputs` instead; that list is an extension of this "
        + "service.";

    private static readonly string[] Extensions =
        ["binary_tensor_data", "classification", "model_configuration", "model_repository", "parameters", "statistics"];

    /// <summary>A reference to a version; one that is not a number is not found.</summary>
    public static string Reference(string model, string? version) => version is null ? model : $"{model}:{version}";

    public static void MapServerState(this IEndpointRouteBuilder v2)
    {
        v2.MapGet("/",
            () => TypedResults.Ok(
                new ServerMetadata("cnnservice", typeof(InferenceModels).Assembly.GetName().Version!.ToString(3), Extensions)))
            .WithName("ServerMetadata").WithSummary("Name, version and extensions of the server").RequireAuthorization(Scopes.Read)
            .ProducesProblems();
        var health = v2.MapGroup("/health").AllowAnonymous().DisableRateLimiting();
        health.MapGet("/live", () => TypedResults.Ok(new ServerLiveness(true)))
            .WithName("ServerLive").WithSummary("Whether the server responds")
            .ProducesProblems();
        health.MapGet("/ready", ReadyAsync).WithName("ServerReady").WithSummary("Whether the server can take requests")
            .Produces(200, contentType: Json).ProducesProblems(503);
    }

    public static void MapModelState(this IEndpointRouteBuilder v2)
    {
        foreach (var (path, suffix, of) in new[] { ("/models/{model}", string.Empty, "a model's newest version"),
            ("/models/{model}/versions/{version}", "Version", "a version") })
        {
            var model = v2.MapGroup(path).RequireAuthorization(Scopes.Read);
            model.MapGet("/", MetadataAsync).WithName($"Metadata{suffix}").WithSummary($"Inputs and outputs of {of}")
                .WithDescription(OneInput).Produces(200, contentType: Json).ProducesProblems(400, 404, 503);
            model.MapGet("/ready", ModelReadyAsync).WithName($"ModelReady{suffix}").WithSummary($"Whether {of} can be run")
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

    private static async Task<IResult> ReadyAsync(Store store, IServingDevice device, CancellationToken cancel)
    {
        await store.ProbeAsync(cancel); // Throws if the database is down, which becomes 503.
        return device.Device.Match<IResult>(_ => TypedResults.Ok(new { live = true, ready = true }), missing => missing.ToResult());
    }

    private static Task<IResult> MetadataAsync(
        [AsParameters] InferenceServices services, string model, string? version, CancellationToken cancel) =>
        DescribedAsync(services, model, version, (found, signature, versions) => new
        {
            name = found.Name,
            versions,
            platform = "onnx_onnxv1",
            inputs = new[] {
            new { name = InputOf(signature), datatype = signature.TakesBytes ? RequestedInput.UInt8 : RequestedInput.Float32,
                shape = ShapeOf(signature).Prepend(-1) } },
            alternative_inputs = Alternatives(signature),
            outputs = signature.Outputs.Select(
            output => new { name = output.Name, datatype = RequestedInput.Float32, shape = output.Shape.Prepend(-1) }).ToArray(),
        }, cancel);

    private static Task<IResult> ModelReadyAsync(
        [AsParameters] InferenceServices services, string model, string? version, CancellationToken cancel) =>
        DescribedAsync(services, model, version, (found, _, _) => new { name = found.Name, ready = true }, cancel);

    private static Task<IResult> ConfigAsync(
        [AsParameters] InferenceServices services, BatchingPlans plans, string model, string? version, CancellationToken cancel) =>
        DescribedAsync(services, model, version, (found, signature, _) =>
    {
        var (plan, device) = plans.Resolve(found.Name);
        return new
        {
            name = found.Name,
            platform = "onnxruntime_onnx",
            backend = "onnxruntime",
            max_batch_size = plan.MaxBatchSize,
            input = new[] {
                new { name = InputOf(signature), data_type = signature.TakesBytes ? "TYPE_UINT8" : "TYPE_FP32",
                    dims = ShapeOf(signature) } },
            output = signature.Outputs.Select(output => new { name = output.Name, data_type = "TYPE_FP32", dims = output.Shape }).ToArray(),
            instance_group = new[] {
                new { name = $"{found.Name}_0", kind = device == "cuda" ? "KIND_GPU" : "KIND_CPU", count = plan.Instances } },
            dynamic_batching = new
            {
                max_queue_delay_microseconds = (long)plan.MaxQueueDelay.TotalMicroseconds,
                default_queue_policy = new
                {
                    timeout_action = "REJECT",
                    max_queue_size = plan.MaxQueueSize,
                    default_timeout_microseconds = (long)plan.DefaultTimeout.TotalMicroseconds
                },
            },
        };
    }, cancel);

    private static async Task<IResult> StatisticsAsync([AsParameters] InferenceServices services, string model, string? version)
    {
        var found = await services.Registry.ResolveAsync(Reference(model, version));
        return found.Match<IResult>(loaded => TypedResults.Ok(new { model_stats = new[] { Statistics(services, loaded) } }),
            problem => problem.ToResult());
    }

    private static async Task<IResult> AllStatisticsAsync([AsParameters] InferenceServices services, CancellationToken cancel)
    {
        var all = await InferenceRepository.VersionsAsync(services, cancel);
        return TypedResults.Ok(
            new { model_stats = all.Where(one => one.Loaded.Succeeded).Select(one => Statistics(services, one.Loaded.Value)).ToArray() });
    }

    private static object Statistics(InferenceServices services, LoadedModel model) =>
        InferenceStatistics.From(model.Name, Text(model.Version), services.Runner.Counts(model));

    private static async Task<IResult> DescribedAsync(
        InferenceServices services, string model, string? version,
        Func<LoadedModel, TensorSignature, IReadOnlyList<string>, object> describe, CancellationToken cancel)
    {
        var found = await services.FindAsync(model, version);
        var signature = await found.BindAsync(loaded => services.Runner.DescribeAsync(loaded, cancel).AsTask());
        return await signature.ToIResultAsync(async described =>
        {
            var versions = await services.Models.VersionsAsync(found.Value.Name, cancel);
            return TypedResults.Ok(describe(found.Value, described, [.. versions.Select(row => Text(row.Version))]));
        });
    }

    /// <summary>Separate from the inputs, because clients of the protocol send all inputs.</summary>
    private static object[] Alternatives(TensorSignature signature)
    {
        var files = new { name = InferenceInput.Image, datatype = RequestedInput.ByteText, shape = new long[] { -1 } };
        return signature.TakesBytes
            ? [files]
            : [new { name = InferenceInput.Pixels, datatype = RequestedInput.UInt8,
                shape = new long[] { -1, signature.Height, signature.Width, signature.Channels } }, files];
    }

    private static string InputOf(TensorSignature signature) => signature.TakesBytes ? InferenceInput.Pixels : InferenceInput.Planes;

    private static long[] ShapeOf(TensorSignature signature) => signature.TakesBytes
        ? [signature.Height, signature.Width, signature.Channels]
        : [signature.Channels, signature.Height, signature.Width];

    private static string Text(int version) => version.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Metadata of the server.</summary>
/// <param name="Name">Name of the service.</param>
/// <param name="Version">Version of the service, not of the protocol.</param>
/// <param name="Extensions">Supported extensions of the protocol.</param>
internal sealed record ServerMetadata(string Name, string Version, IReadOnlyList<string> Extensions);

/// <param name="Live">Always true.</param>
internal sealed record ServerLiveness(bool Live);
