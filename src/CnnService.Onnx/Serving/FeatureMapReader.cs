using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Core.Visualization;
using CnnService.Onnx.Export;
using Microsoft.Extensions.Options;

namespace CnnService.Onnx.Serving;

/// <summary>Runs the served network up to the layer asked for. Keeps the cut networks that were used last.</summary>
internal sealed class FeatureMapReader(IOptions<ServingOptions> options) : IFeatureMapReader, IDisposable
{
    /// <summary>Cut networks kept at most.</summary>
    internal const int Kept = 8;

    private readonly RecentNetworks<OnnxNetwork> _recent = new(Kept);

    public Outcome<FeatureMaps> Read(LoadedModel model, string layer, PixelBuffer picture)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(picture);
        if (model.Network.Find(layer) is not { } asked)
        {
            throw new ArgumentException($"The network has no layer '{layer}'.", nameof(layer));
        }

        Outcome<OnnxNetwork> Open() => ModelFile.Read(model)
            .Then(file => NetworkCut.After(file, asked))
            .Then(cut => OnnxNetwork.Open(cut, model.Manifest.Preprocessing, options.Value.Threads));
        // The same weights may be published twice, and be given other pictures: the preprocessing is part of the network that is kept.
        var key = $"{model.WeightsHash}/{layer}/{JsonSerializer.Serialize(model.Manifest.Preprocessing, CoreJson.Options)}";
        return _recent.Use<FeatureMaps>(key, Open, network =>
        {
            var values = network.Run([picture.Data], OnnxExporter.ValueOf(layer), out var shape);
            return shape.Length == 4
                ? new FeatureMaps((int)shape[1], (int)shape[2], (int)shape[3], values)
                : new FeatureMaps((int)shape[1], 1, 1, values);
        });
    }

    public void Dispose() => _recent.Dispose();
}
