using System.Globalization;
using CnnService.Core.Classification;
using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Onnx.Serving;
using CnnService.Web.Persistence;

namespace CnnService.Web.Features.Inference;

/// <summary>The protocol's calls about the server and its models.</summary>
internal static class InferenceModels
{
    private const string Json = "application/json";

    private const string OneInput =
        "A request holds the input of `inputs`, or one of `alternative_inputs` in its place; that list is this service's own and not the "
        + "protocol's.";

    private static readonly string[] Extensions =
        ["binary_tensor_data", "classification", "model_configuration", "model_repository", "parameters", "statistics"];

    /// <summary>A version that is no number is one that no model has.</summary>
    public static string Reference(string model, string? version) => version is null ? model : $"{model}:{version}";

    public static void MapServerState(this IEndpointRouteBuilder v2)
    {
        v2.MapGet("/",
            () => TypedResults.Ok(
                new ServerMetadata("cnnservice", typeof(InferenceModels).Assembly.GetName().Version!.ToString(3), Extensions)))
            .WithName("ServerMetadata").WithSummary("Name, version and extensions of the server").RequireAuthorization(Scopes.Read)
            .ProducesProblems();
        var health = v2.MapGroup("/health").AllowAnonymous().DisableRateLimiting();
        health.MapGet("/live", () => TypedResults.Ok(new ServerLiveness(true))).WithName("ServerLive").WithSummary("The server answers")
            .ProducesProblems();
        health.MapGet("/ready", ReadyAsync).WithName("ServerReady").WithSummary("The server can take requests")
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
            model.MapGet("/config", ConfigAsync).WithName($"ModelConfig{suffix}").WithSummary($"How {of} is run")
                .Produces(200, contentType: Json).ProducesProblems(400, 404, 503);
            model.MapGet("/stats", StatisticsAsync).WithName($"ModelStatistics{suffix}")
                .WithSummary($"Counts and times of {of}, since the start").Produces(200, contentType: Json).ProducesProblems(400, 404);
        }

        v2.MapGet("/models/stats", AllStatisticsAsync).WithName("AllStatistics")
            .WithSummary("Counts and times of all versions, since the start")
            .RequireAuthorization(Scopes.Read).Produces(200, contentType: Json).ProducesProblems(404);
    }

    private static async Task<IResult> ReadyAsync(Store store, IServingDevice device)
    {
        await store.ProbeAsync(); // Answers 503 by itself.
        return device.Device.Match<IResult>(_ => TypedResults.Ok(new { live = true, ready = true }), missing => missing.ToResult());
    }

    private static Task<IResult> MetadataAsync([AsParameters] InferenceServices parts, string model, string? version) =>
        DescribedAsync(parts, model, version, (found, signature, versions) => new
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
        });

    private static Task<IResult> ModelReadyAsync([AsParameters] InferenceServices parts, string model, string? version) =>
        DescribedAsync(parts, model, version, (found, _, _) => new { name = found.Name, ready = true });

    private static Task<IResult> ConfigAsync([AsParameters] InferenceServices parts, BatchingPlans plans, string model, string? version) =>
        DescribedAsync(parts, model, version, (found, signature, _) =>
    {
        var (plan, device) = plans.Of(found.Name);
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
    });

    private static async Task<IResult> StatisticsAsync([AsParameters] InferenceServices parts, string model, string? version)
    {
        var found = await parts.Registry.ResolveAsync(Reference(model, version));
        return found.Match<IResult>(loaded => TypedResults.Ok(new { model_stats = new[] { Statistics(parts, loaded) } }),
            problem => problem.ToResult());
    }

    private static async Task<IResult> AllStatisticsAsync([AsParameters] InferenceServices parts)
    {
        var all = await InferenceRepository.VersionsAsync(parts);
        return TypedResults.Ok(
            new { model_stats = all.Where(one => one.Loaded.Succeeded).Select(one => Statistics(parts, one.Loaded.Value)).ToArray() });
    }

    private static object Statistics(InferenceServices parts, LoadedModel model) =>
        InferenceStatistics.From(model.Name, Text(model.Version), parts.Runner.Counts(model));

    private static async Task<IResult> DescribedAsync(
        InferenceServices parts, string model, string? version, Func<LoadedModel, TensorSignature, IReadOnlyList<string>, object> describe)
    {
        var found = await parts.FindAsync(model, version);
        var signature = await found.BindAsync(loaded => parts.Runner.DescribeAsync(loaded, CancellationToken.None).AsTask());
        return await signature.ToIResultAsync(async described =>
        {
            var versions = await parts.Models.VersionsAsync(found.Value.Name);
            return TypedResults.Ok(describe(found.Value, described, [.. versions.Select(row => Text(row.Version))]));
        });
    }

    /// <summary>Apart from the inputs, of which the protocol's clients send all.</summary>
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

/// <summary>Who answers.</summary>
/// <param name="Name">Of the service.</param>
/// <param name="Version">Its own, not that of the protocol.</param>
/// <param name="Extensions">Of the protocol that it speaks.</param>
internal sealed record ServerMetadata(string Name, string Version, IReadOnlyList<string> Extensions);

/// <param name="Live">True: it answers.</param>
internal sealed record ServerLiveness(bool Live);
