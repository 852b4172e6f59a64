using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Interpretation.Layers;
using CnnService.Core.Interpretation.Timelapse;
using CnnService.Core.Models;
using static TorchSharp.torch;

namespace CnnService.Torch.Interpretation;

/// <summary>
/// <see cref="ISnapshotMaps"/> with libtorch, in the slots of pattern rendering. Keeps no networks, since each snapshot is read once.
/// Thread safe.
/// </summary>
internal sealed class SnapshotMaps(RenderingSlots slots) : ISnapshotMaps
{
    /// <inheritdoc/>
    public Outcome<LayerActivations> Read(LoadedModel snapshot, ResolvedLayer layer, PixelBuffer image, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(image);
        return slots.Run(
            () => slots.DeviceFor(onGpu: false).Bind(device => LoadedNetwork.Load(snapshot, device)).Map(network =>
            {
                using (network)
                {
                    return Forward(network, ExecutionOrder.To(snapshot.Network, layer), image);
                }
            }),
            cancel);
    }

    private static LayerActivations Forward(LoadedNetwork network, ExecutionOrder order, PixelBuffer image)
    {
        using var scope = NewDisposeScope();
        var bytes = tensor(image.Data, [1, image.Height, image.Width, image.Channels], device: network.Device);
        var map = network.Activation(bytes, order).cpu().contiguous();
        var (height, width) = map.dim() == 4 ? ((int)map.shape[2], (int)map.shape[3]) : (1, 1);
        return new((int)map.shape[1], height, width, map.data<float>().ToArray());
    }
}
