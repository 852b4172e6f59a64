using CnnService.Core.Common;
using CnnService.Core.Interpretation.Attribution;
using CnnService.Core.Interpretation.ReceptiveFields;
using CnnService.Core.Models;
using CnnService.Onnx.Serving;
using Microsoft.Extensions.Options;
using Microsoft.ML.OnnxRuntime;

namespace CnnService.Onnx.Gradients;

/// <inheritdoc cref="IClassGradients"/>
internal sealed class ClassGradients(IOptions<ServingOptions> options) : IClassGradients, ICellGradients, IDisposable
{
    /// <summary>Largest number of sessions kept open.</summary>
    internal const int Capacity = 6;

    private readonly LeasedPool<string, GradientSession> _sessions = new(new() { MaxCount = Capacity }, session => session.Dispose());

    public Outcome<byte[]> Export(LoadedModel model, string? layer) => Build(model, new(layer, WithInput: true));

    public Outcome<ClassGradient> Read(LoadedModel model, GradientQuery query)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(query);
        return _sessions.Use(
            ModelKey.Create(model, $"{query.Layer}{(query.OnGpu ? "/on gpu" : "")}"),
            () => Open(model, new(query.Layer, query.Layer is null), query.OnGpu),
            session => Run(session, query));
    }

    /// <inheritdoc/>
    public Outcome<ReadOnlyMemory<float>> ReadCell(LoadedModel model, CellQuery query)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(query);
        return _sessions.Use(
            ModelKey.Create(model, $"of/{query.Layer}"),
            () => Open(model, new(null, WithInput: true, query.Layer)),
            session => Run(session, new(null, query.Planes, query.Count, query.Weights)))
            .Bind<ReadOnlyMemory<float>>(read => read.Gradients);
    }

    public void Dispose() => _sessions.Dispose();

    private static Outcome<byte[]> Build(LoadedModel model, GradientTargets targets)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (targets.Layer is { } layer && model.HasLayers && model.Network.Find(layer) is null)
        {
            throw new ArgumentException($"The network has no layer '{layer}'.", nameof(targets));
        }

        return model.RequireLayers().Bind(found => targets.DifferentiatedLayer is null ? found.RequireClasses() : found).Bind(found =>
            found.ReadWeights().Map(weights => GradientGraph.Build(found.Network, weights, targets)));
    }

    private static Outcome<ClassGradient> Run(GradientSession session, GradientQuery query)
    {
        try
        {
            return session.Run(query);
        }
        catch (OnnxRuntimeException failure)
        {
            return GpuShortage.Find(failure.Message, query.OnGpu) ?? Problem.Unprocessable(
                "explain.failed", $"OnnxRuntime cannot carry out the gradient for this image: {failure.Message}");
        }
    }

    private Outcome<GradientSession> Open(LoadedModel model, GradientTargets targets, bool onGpu = false) =>
        Build(model, targets).Bind<GradientSession>(graph =>
    {
        try
        {
            return new GradientSession(graph, options.Value.Threads, onGpu ? options.Value.Cuda : null);
        }
        catch (OnnxRuntimeException refused)
        {
            return GpuShortage.Find(refused.Message, onGpu) ?? Problem.Unprocessable(
                "explain.failed", $"OnnxRuntime refuses the gradient of this network: {refused.Message}");
        }
    });
}
