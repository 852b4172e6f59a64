using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Interpretation;
using CnnService.Core.Interpretation.Timelapse;
using CnnService.Core.Models;
using static TorchSharp.torch;

namespace CnnService.Torch.Interpretation;

/// <summary><see cref="ISnapshotMaps"/> with libtorch, in the places where patterns are drawn. Thread safe. Keeps no network: each is asked once.</summary>
internal sealed class SnapshotMaps(RenderingSlots slots) : ISnapshotMaps
{
    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The tensor library cannot be loaded.</exception>
    public LayerActivations Read(LoadedModel snapshot, ResolvedLayer layer, PixelBuffer picture, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(picture);
        return slots.Run(() => Forward(snapshot, layer, picture), cancel);
    }

    private static LayerActivations Forward(LoadedModel snapshot, ResolvedLayer layer, PixelBuffer picture)
    {
        using var network = LoadedNetwork.Load(snapshot);
        using var scope = NewDisposeScope();
        var bytes = tensor(picture.Data, [1, picture.Height, picture.Width, picture.Channels], device: network.Device);
        var map = network.Activation(bytes, ExecutionOrder.To(snapshot.Network, layer)).contiguous();
        var (height, width) = map.dim() == 4 ? ((int)map.shape[2], (int)map.shape[3]) : (1, 1);
        return new((int)map.shape[1], height, width, map.data<float>().ToArray());
    }
}
