using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Torch.Networks;

/// <summary>
/// The weights a training starts from: kernels as their layer says (Glorot uniform unless it says otherwise), biases zero:
/// Keras's defaults, with which deep networks without normalization learn where PyTorch's stay at chance. The same seed gives
/// the same weights anywhere.
/// </summary>
internal static class InitialWeights
{
    private const ulong Purpose = 0x5745494748545331; // "WEIGHTS1"

    /// <summary>As in the paper, and in PyTorch.</summary>
    private const float RectifierSlope = 0.25f;

    internal static NamedWeights Create(ResolvedNetwork network, long seed)
    {
        var weights = new NamedWeights();
        for (var i = 0; i < network.Layers.Count; i++)
        {
            var kind = (network.Layers[i].Spec as IKernelLayer)?.KernelInitializer ?? InitializerKind.GlorotUniform;
            foreach (var tensor in LayerTensors.Of(network.Layers[i]))
            {
                weights.Add(tensor.Name, Draw(tensor, kind, new CounterRandom((ulong)seed, Purpose, (ulong)i)));
            }
        }

        return weights;
    }

    private static WeightTensor Draw(LayerTensor tensor, InitializerKind kind, CounterRandom random)
    {
        var data = new float[tensor.Shape.Aggregate(1L, (product, size) => checked(product * size))];
        switch (tensor.Role)
        {
            case TensorRole.Kernel:
                KernelInitializer.Fill(data, tensor.Shape, kind, random);
                break;
            case TensorRole.Scale or TensorRole.RunningVariance:
                Array.Fill(data, 1);
                break;
            case TensorRole.Slope:
                Array.Fill(data, RectifierSlope);
                break;
        }

        return new(tensor.Shape, data);
    }
}
