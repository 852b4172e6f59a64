using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Torch.Batching;
using CnnService.Torch.Networks;
using static TorchSharp.torch;

namespace CnnService.Torch.Training;

/// <summary>Runs a network forward in float32 on the CPU. Owns the network.</summary>
internal sealed class TorchRunner(TorchNetwork network, Preprocessing preprocessing) : INetworkRunner
{
    private readonly BatchPipeline _pipeline = new(preprocessing, network.Device);

    public float[] Logits(PixelBatch batch)
    {
        var input = network.Network.Spec.Input;
        if ((batch.Height, batch.Width, batch.Channels) != (input.Height, input.Width, input.Channels))
        {
            throw new ArgumentException(
                $"The network takes {input.Shape}, received [{batch.Channels}, {batch.Height}, {batch.Width}].", nameof(batch));
        }

        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var bytes = tensor(batch.Data.ToArray(), [batch.Count, input.Height, input.Width, input.Channels], device: network.Device);
        var images = _pipeline.Preprocess(bytes);
        return network.Forward(images, ForwardMode.Evaluation).contiguous().data<float>().ToArray();
    }

    public void Dispose()
    {
        _pipeline.Dispose();
        network.Dispose();
    }
}
