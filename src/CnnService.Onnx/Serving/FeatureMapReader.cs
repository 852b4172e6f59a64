using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Core.Visualization;
using Microsoft.Extensions.Options;

namespace CnnService.Onnx.Serving;

/// <summary>Runs the served network up to the layer asked for. Keeps the cut networks that were used last.</summary>
internal sealed class FeatureMapReader(IOptions<ServingOptions> options) : IFeatureMapReader, IDisposable
{
    /// <summary>Cut networks kept at most.</summary>
    internal const int Kept = 8;

    private readonly Lock _gate = new();

    // Guarded by _gate.
    private readonly LinkedList<CutNetwork> _recent = []; // Newest first.
    private bool _disposed;

    public Outcome<FeatureMaps> Read(LoadedModel model, string layer, PixelBuffer picture)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(picture);
        if (model.Network.Find(layer) is not { } asked)
        {
            throw new ArgumentException($"The network has no layer '{layer}'.", nameof(layer));
        }

        // Null: others pushed the cut network out before this picture's turn came.
        Outcome<FeatureMaps>? maps;
        do
        {
            maps = Recent(model, asked.Name).Read(model, asked, picture);
        }
        while (maps is null);
        return maps;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            while (_recent.First is { } node)
            {
                _recent.RemoveFirst();
                node.Value.Dispose();
            }
        }
    }

    private CutNetwork Recent(LoadedModel model, string layer)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            var key = (model.WeightsHash, layer);
            var cut = _recent.FirstOrDefault(kept => kept.Key == key);
            if (cut is not null)
            {
                _recent.Remove(cut);
            }

            _recent.AddFirst(cut ??= new CutNetwork(key, options.Value.Threads));
            if (_recent.Count > Kept)
            {
                var oldest = _recent.Last!.Value;
                _recent.RemoveLast();
                oldest.Dispose();
            }

            return cut;
        }
    }
}
