using CnnService.Core.Classification;
using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Onnx.Serving;
using CnnService.Web.Persistence;

namespace CnnService.Web.Features.Inference;

/// <summary>The services needed for inference, and what HTTP and gRPC do with them alike.</summary>
internal sealed record InferenceServices(
    ModelRegistry Registry, ModelStore Models, ClassificationPipeline Pipeline, ITensorRunner Runner, UnloadedModels Unloaded,
    InferenceInput Input, BatchingPlans Plans)
{
    /// <summary>
    /// A version, unloaded or not. A version that is not a number is not found. Problems: those of the registry.
    /// </summary>
    /// <param name="model">Name of the model.</param>
    /// <param name="version">Number of the version; null for the newest.</param>
    public async Task<Outcome<LoadedModel>> ResolveAsync(string model, string? version) => model.Length == 0
        ? Problem.Invalid("model.bad-reference", "A request must name its model.")
        : await Registry.ResolveAsync(version is null ? model : $"{model}:{version}");

    /// <summary>
    /// The version that a request names. Problems: those of the registry, and <c>model.unloaded</c> (503), so that clients that wait for a
    /// model retry.
    /// </summary>
    public async Task<Outcome<LoadedModel>> FindAsync(string model, string? version)
    {
        var found = await ResolveAsync(model, version);
        return found.Bind<LoadedModel>(loaded => Unloaded.Contains(loaded.Name)
            ? new Problem(ProblemKind.Unavailable, "model.unloaded",
                $"model '{loaded.Name}' is not ready: it was unloaded")
            { RetryAfter = TimeSpan.FromSeconds(1) }
            : loaded);
    }

    /// <summary>
    /// Runs a version on the tensor of a request. Problems: <c>inference.invalid</c> and those of <see cref="ITensorRunner.RunAsync"/>.
    /// </summary>
    /// <param name="model">The version to run.</param>
    /// <param name="request">The parsed request.</param>
    /// <param name="body">Binary data of the request that has not been read yet.</param>
    /// <param name="cancel">Gives up the queue places.</param>
    public Task<Outcome<TensorAnswer>> RunAsync(
        LoadedModel model, InferenceRequest request, InferenceBody body, CancellationToken cancel) =>
        InferenceInput.Check(model, request).BindAsync(count => Pipeline.RunAsync(
            model,
            count,
            limit => Input.ReadAsync(model, request.Inputs[0], body, limit, cancel),
            request.Outputs?.Select(output => output.Name).ToArray(),
            cancel).AsTask());
}
