using CnnService.Core.Common;
using CnnService.Core.Interpretation;
using CnnService.Core.Interpretation.Timelapse;
using CnnService.Core.Models;
using CnnService.Torch.Native;
using static TorchSharp.torch;

namespace CnnService.Torch.Interpretation;

/// <summary><see cref="ISnapshotMaps"/> with libtorch, two at once. Thread safe. Keeps no network: each is asked once.</summary>
internal sealed class SnapshotMaps(TorchRuntime runtime) : ISnapshotMaps, IDisposable
{
    private const int AtOnce = 2;

    private readonly Lazy<RenderingSlots> _slots = new(() => new(AtOnce, new(runtime.Require().Folder)));

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The tensor library cannot be loaded.</exception>
    public LayerActivations Read(LoadedModel snapshot, string layer, PixelBuffer picture, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(picture);
        return _slots.Value.Run(() => Forward(snapshot, layer, picture), cancel);
    }

    public void Dispose()
    {
        if (_slots.IsValueCreated)
        {
            _slots.Value.Dispose();
        }
    }

    private static LayerActivations Forward(LoadedModel snapshot, string layer, PixelBuffer picture)
    {
        using var network = LoadedNetwork.Load(snapshot);
        using var scope = NewDisposeScope();
        var bytes = tensor(picture.Data, [1, picture.Height, picture.Width, picture.Channels], device: network.Device);
        var map = network.Activation(bytes, layer).contiguous();
        var (height, width) = map.dim() == 4 ? ((int)map.shape[2], (int)map.shape[3]) : (1, 1);
        return new((int)map.shape[1], height, width, map.data<float>().ToArray());
    }
}
