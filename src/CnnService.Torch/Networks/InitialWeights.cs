using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Torch.Networks;

/// <summary>
/// Initial weights of a training: kernels by the layer's initializer (default Glorot uniform), biases zero. These are Keras's defaults;
/// deep networks without normalization learn with them where PyTorch's stay at chance level. Deterministic in the seed, on every machine.
/// </summary>
internal static class InitialWeights
{
    private const ulong Purpose = 0x5745494748545331; // "WEIGHTS1"

    /// <summary>Initial slope of PReLU below zero, as in the paper and in PyTorch.</summary>
    private const float PReluSlope = 0.25f;

    internal static NamedWeights Create(ResolvedNetwork network, long seed)
    {
        var weights = new NamedWeights();
        for (var i = 0; i < network.Layers.Count; i++)
        {
            var kind = (network.Layers[i].Spec as IKernelLayer)?.KernelInitializer ?? InitializerKind.GlorotUniform;
            foreach (var tensor in LayerTensors.List(network.Layers[i]))
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
                Array.Fill(data, PReluSlope);
                break;
        }

        return new(tensor.Shape, data);
    }
}
