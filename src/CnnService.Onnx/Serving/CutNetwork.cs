using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Core.Visualization;
using CnnService.Onnx.Export;

namespace CnnService.Onnx.Serving;

/// <summary>
/// A served network up to one layer, opened when the first picture comes. Thread safe: one picture at a time goes through.
/// Dispose waits for the picture under way.
/// </summary>
/// <param name="key">Hash of the weights and the layer's name.</param>
/// <param name="threads">Of one run; 0: all cores.</param>
internal sealed class CutNetwork((string Weights, string Layer) key, int threads) : IDisposable
{
    private readonly Lock _gate = new();

    // Guarded by _gate.
    private OnnxNetwork? _network;
    private bool _disposed;

    public (string Weights, string Layer) Key => key;

    /// <summary>The layer's output; null where it has been disposed.</summary>
    public Outcome<FeatureMaps>? Read(LoadedModel model, ResolvedLayer layer, PixelBuffer picture)
    {
        lock (_gate)
        {
            return _disposed ? null : Open(model, layer).Then<FeatureMaps>(network =>
            {
                var values = network.Run([picture.Data], OnnxExporter.ValueOf(layer.Name), out var shape);
                return shape.Length == 4
                    ? new FeatureMaps((int)shape[1], (int)shape[2], (int)shape[3], values)
                    : new FeatureMaps((int)shape[1], 1, 1, values);
            });
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _network?.Dispose();
        }
    }

    private Outcome<OnnxNetwork> Open(LoadedModel model, ResolvedLayer layer)
    {
        if (_network is not null)
        {
            return _network;
        }

        var opened = ModelFile.Read(model)
            .Then(file => NetworkCut.After(file, layer))
            .Then(cut => OnnxNetwork.Open(cut, model.Manifest.Preprocessing, threads));
        _network = opened.Succeeded ? opened.Value : null;
        return opened;
    }
}
