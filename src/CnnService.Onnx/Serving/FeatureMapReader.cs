using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Interpretation.Layers;
using CnnService.Core.Models;
using CnnService.Onnx.Export;
using Microsoft.Extensions.Options;

namespace CnnService.Onnx.Serving;

/// <summary>Runs the served network up to the requested layer. Owns the most recently used truncated networks. Thread safe.</summary>
internal sealed class FeatureMapReader(IOptions<ServingOptions> options) : IFeatureMapReader, IDisposable
{
    /// <summary>Most truncated networks kept.</summary>
    internal const int Capacity = 8;

    private readonly LeasedPool<string, OnnxNetwork> _recent = new(new() { MaxCount = Capacity }, network => network.Dispose());

    public Outcome<LayerActivations> Read(LoadedModel model, ResolvedLayer layer, PixelBuffer image, bool beforeActivation = false)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(layer);
        ArgumentNullException.ThrowIfNull(image);
        var value = beforeActivation && model.Network.ActivationOf(layer) != ActivationKind.Linear
            ? LayerNodes.PreactivationOf(layer.Name)
            : OnnxExporter.ValueOf(layer.Name);
        Outcome<OnnxNetwork> Open() => ModelFile.Read(model)
            .Bind(file => OnnxTruncation.TruncateAfter(file, value, layer.OutputShape))
            .Bind(cut => OnnxNetwork.Open(cut, model.Manifest.Preprocessing, options.Value.Threads));
        return _recent.Use<LayerActivations>(ModelKey.Create(model, value), Open, network =>
        {
            var values = network.Run([image.Data], value, out var shape);
            return shape.Length == 4
                ? new LayerActivations((int)shape[1], (int)shape[2], (int)shape[3], values)
                : new LayerActivations((int)shape[1], 1, 1, values);
        });
    }

    public void Dispose() => _recent.Dispose();
}
