using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Torch.Networks;

/// <summary>
/// The weights a training starts from: Glorot uniform kernels, zero biases (Glorot and Bengio, 2010; Keras's defaults), with
/// which deep networks without normalization learn where PyTorch's defaults stay at chance. The same seed gives the same weights anywhere.
/// </summary>
internal static class InitialWeights
{
    private const ulong Purpose = 0x5745494748545331; // "WEIGHTS1"

    internal static NamedWeights Create(ResolvedNetwork network, long seed)
    {
        var weights = new NamedWeights();
        for (var i = 0; i < network.Layers.Count; i++)
        {
            foreach (var tensor in LayerTensors.Of(network.Layers[i]))
            {
                weights.Add(tensor.Name, Draw(tensor, new CounterRandom((ulong)seed, Purpose, (ulong)i)));
            }
        }

        return weights;
    }

    private static WeightTensor Draw(LayerTensor tensor, CounterRandom random)
    {
        var data = new float[tensor.Shape.Aggregate(1L, (product, size) => checked(product * size))];
        switch (tensor.Role)
        {
            case TensorRole.Kernel:
                var limit = Math.Sqrt(6.0 / Fans(tensor.Shape));
                for (var i = 0; i < data.Length; i++)
                {
                    data[i] = (float)random.NextDouble(-limit, limit);
                }

                break;
            case TensorRole.Scale or TensorRole.RunningVariance:
                Array.Fill(data, 1);
                break;
        }

        return new(tensor.Shape, data);
    }

    /// <summary>Inputs plus outputs of a unit: (in + out) times the kernel's cells.</summary>
    private static long Fans(int[] shape) => ((long)shape[0] + shape[1]) * shape.Skip(2).Aggregate(1L, (cells, size) => cells * size);
}
