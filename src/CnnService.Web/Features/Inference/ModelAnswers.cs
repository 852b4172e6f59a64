using System.Globalization;
using CnnService.Core.Classification;
using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Web.Persistence;

namespace CnnService.Web.Features.Inference;

/// <summary>
/// What the calls about the server and its models answer, as objects of the protocol's JSON: HTTP sends them as they are, gRPC as the
/// messages with the same fields.
/// </summary>
internal static class ModelAnswers
{
    private static readonly string[] Extensions =
        ["binary_tensor_data", "classification", "model_configuration", "model_repository", "parameters", "statistics"];

    public static ServerMetadata Server() =>
        new("cnnservice", typeof(ModelAnswers).Assembly.GetName().Version!.ToString(3), Extensions);

    /// <summary>Whether the server can take requests. Problem: <c>serving.device-missing</c>.</summary>
    /// <exception cref="StoreUnavailableException">The database is down.</exception>
    public static async Task<Outcome<object>> ServerReadyAsync(Store store, IServingDevice device, CancellationToken cancel)
    {
        await store.ProbeAsync(cancel);
        return device.Device.Map<object>(_ => new { live = true, ready = true });
    }

    /// <summary>
    /// Inputs and outputs of a version; those that a client need not send or expect stand apart, because clients of the protocol take all
    /// that are listed. Problems of this and the following: those of <see cref="InferenceServices.FindAsync"/> and of
    /// <see cref="ITensorRunner.DescribeAsync"/>.
    /// </summary>
    /// <param name="services">The services needed for inference.</param>
    /// <param name="model">Name of the model.</param>
    /// <param name="version">Number of the version; null for the newest.</param>
    /// <param name="cancel">Ends the look-up.</param>
    public static Task<Outcome<object>> MetadataAsync(
        InferenceServices services, string model, string? version, CancellationToken cancel) =>
        DescribedAsync(services, model, version, (found, signature, versions) => new
        {
            name = found.Name,
            versions,
            platform = "onnx_onnxv1",
            inputs = new[] { Described(OfferedInput.Of(found, signature)[0]) },
            alternative_inputs = OfferedInput.Of(found, signature).Skip(1).Select(Described).ToArray(),
            outputs = signature.Outputs.Select(Described).ToArray(),
            alternative_outputs = signature.FurtherOutputs.Select(Described).ToArray(),
        }, cancel);

    /// <summary>That a version can be run.</summary>
    /// <inheritdoc cref="MetadataAsync"/>
    public static Task<Outcome<object>> ReadyAsync(
        InferenceServices services, string model, string? version, CancellationToken cancel) =>
        DescribedAsync(services, model, version, (found, _, _) => new { name = found.Name, ready = true }, cancel);

    /// <summary>Batching and tensors of a version, in the words of Triton's configuration.</summary>
    /// <inheritdoc cref="MetadataAsync"/>
    public static Task<Outcome<object>> ConfigAsync(
        InferenceServices services, string model, string? version, CancellationToken cancel) =>
        DescribedAsync(services, model, version, (found, signature, _) => Config(services, found, signature), cancel);

    /// <summary>Request counts and durations of a version since the server started. Problems: those of the registry.</summary>
    public static async Task<Outcome<object>> StatisticsAsync(InferenceServices services, string model, string? version) =>
        (await services.ResolveAsync(model, version))
            .Map<object>(loaded => new { model_stats = new[] { Statistics(services, loaded) } });

    /// <summary>Request counts and durations of all versions whose files are intact.</summary>
    public static async Task<object> AllStatisticsAsync(InferenceServices services, CancellationToken cancel)
    {
        var all = await RepositoryAnswers.VersionsAsync(services, cancel);
        return new { model_stats = all.Where(one => one.Loaded.Succeeded).Select(one => Statistics(services, one.Loaded.Value)).ToArray() };
    }

    private static object Config(InferenceServices services, LoadedModel model, TensorSignature signature)
    {
        var (plan, device) = services.Plans.Resolve(model.Name);
        var input = OfferedInput.Of(model, signature)[0];
        return new
        {
            name = model.Name,
            platform = "onnxruntime_onnx",
            backend = "onnxruntime",
            max_batch_size = plan.MaxBatchSize,
            input = new[] {
                new { name = input.Name, data_type = $"TYPE_{input.Datatype}",
                    format = input.Form == InputForm.Planes ? "FORMAT_NCHW" : "FORMAT_NHWC", dims = input.Sizes } },
            output = signature.Outputs.Select(output => new { name = output.Name, data_type = "TYPE_FP32", dims = output.Shape }).ToArray(),
            instance_group = new[] {
                new { name = $"{model.Name}_0", kind = device == "cuda" ? "KIND_GPU" : "KIND_CPU", count = plan.Instances } },
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
    }

    private static object Statistics(InferenceServices services, LoadedModel model) =>
        InferenceStatistics.From(model.Name, Text(model.Version), services.Runner.Counts(model));

    private static async Task<Outcome<object>> DescribedAsync(
        InferenceServices services, string model, string? version,
        Func<LoadedModel, TensorSignature, IReadOnlyList<string>, object> describe, CancellationToken cancel)
    {
        var found = await services.FindAsync(model, version);
        var signature = await found.BindAsync(loaded => services.Runner.DescribeAsync(loaded, cancel).AsTask());
        return await signature.MapAsync(async described =>
        {
            var versions = await services.Models.VersionsAsync(found.Value.Name, cancel);
            return describe(found.Value, described, [.. versions.Select(row => Text(row.Version))]);
        });
    }

    private static object Described(OfferedInput input) =>
        new { name = input.Name, datatype = input.Datatype, shape = input.Sizes.Prepend(-1).ToArray() };

    private static object Described(NamedShape output) =>
        new { name = output.Name, datatype = RequestedInput.Float32, shape = output.Shape.Prepend(-1).ToArray() };

    private static string Text(int version) => version.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Metadata of the server.</summary>
/// <param name="Name">Name of the service.</param>
/// <param name="Version">Version of the service, not of the protocol.</param>
/// <param name="Extensions">Supported extensions of the protocol.</param>
internal sealed record ServerMetadata(string Name, string Version, IReadOnlyList<string> Extensions);
