using System.Collections.Concurrent;
using static TorchSharp.torch;

namespace CnnService.Torch.Networks;

/// <summary>
/// Whether the processor's convolutions can be trusted, found out by holding them to products of matrices. oneDNN picks a kernel by
/// type and shapes, and on some machines (version 3.7.1 on a virtual AMD of the fifth Zen) many of its AVX-512 kernels give
/// wrong numbers, those most that have blocks of 16 channels which are not full. A network that is trained so learns around
/// it, and fails wherever else it is run. A machine whose kernels stand a first trial is trusted altogether; elsewhere each shape is tried,
/// but for kernels of one cell: there oneDNN divides by a block that it found to hold nothing, and the processor's fault ends the process
/// before a trial could tell.
/// </summary>
internal static class KernelTrust
{
    /// <summary>Channels that oneDNN computes at once.</summary>
    private const int Block = 16;

    /// <summary>A first layer of so few channels has kernels of its own, without blocks on its input's side.</summary>
    private const int FirstLayer = 4;

    /// <summary>Pictures of a trial.</summary>
    private const int Pictures = 4;

    private static readonly Convolution Plain = new(new(1, 1), new(1, 1), new(1, 1), 1);

    /// <summary>The first trial: input and kernels that have been seen to go wrong.</summary>
    private static readonly (Convolution Convolution, long[] Input, long[] Kernel)[] FirstTrial =
    [
        (Plain, [2, 1, 14, 14], [1, 1, 3, 3]),
        (Plain, [2, 24, 14, 14], [24, 24, 3, 3]),
        (Plain, [2, 16, 14, 14], [32, 16, 3, 3]),
        (Plain with { Border = new(0, 0) }, [2, 1, 14, 14], [5, 1, 1, 1]),
        (Plain with { Border = new(0, 0) }, [2, 64, 7, 7], [1000, 64, 1, 1]),
        (Plain with { Strides = new(2, 1), Dilation = new(1, 2) }, [2, 16, 9, 12], [16, 16, 3, 3]),
        (Plain with { Dilation = new(2, 1), Groups = 3 }, [3, 3, 10, 9], [6, 1, 3, 3]),
        (Plain with { Strides = new(2, 1), Groups = 32 }, [2, 32, 9, 12], [32, 1, 3, 3]),
    ];

    private static readonly ConcurrentDictionary<ScalarType, Lazy<bool>> Machines = new();
    private static readonly ConcurrentDictionary<(Convolution Convolution, ScalarType Type, string Shapes), Lazy<bool>> Shapes = new();

    /// <param name="convolution">What is to be done.</param>
    /// <param name="x">[N,C,H,W]. Gradients by it matter if it asks for them.</param>
    /// <param name="weight">[F,C/groups,KH,KW].</param>
    internal static bool IsSound(Convolution convolution, Tensor x, Tensor weight) =>
        x.device_type != TorchSharp.DeviceType.CPU || IsTrusted(x.dtype) || IsTried(convolution, x, weight);

    /// <summary>Whether all kernels of this type are.</summary>
    internal static bool IsTrusted(ScalarType type) => type is not (ScalarType.Float32 or ScalarType.BFloat16)
        || Machines.GetOrAdd(type, _ => new(() => FirstTrial.All(trial => Agrees(trial.Convolution, type, trial.Input, trial.Kernel, byInput: true)))).Value;

    /// <summary>What is wrong with an open block may pass by luck, since it depends on what lies in memory behind the channels: it is not tried.</summary>
    private static bool IsTried(Convolution convolution, Tensor x, Tensor weight)
    {
        if (weight.shape is [_, _, 1, 1])
        {
            return false;
        }

        var (input, kernel, byInput) = (x.shape, weight.shape, x.requires_grad);
        input[0] = Math.Min(Pictures, input[0]);
        return HasFullBlocks(convolution, kernel, byInput) && Shapes.GetOrAdd(
            (convolution, x.dtype, FormattableString.Invariant($"{string.Join('x', input)} {string.Join('x', kernel)} {byInput}")),
            _ => new(() => Agrees(convolution, x.dtype, input, kernel, byInput))).Value;
    }

    private static bool HasFullBlocks(Convolution convolution, long[] kernel, bool byInput) =>
        kernel[0] / convolution.Groups % Block == 0
        && (kernel[1] % Block == 0 || (!byInput && kernel[1] <= FirstLayer && convolution.Groups == 1));

    private static bool Agrees(Convolution convolution, ScalarType type, long[] input, long[] kernel, bool byInput)
    {
        using var scope = NewDisposeScope();
        using var outsideOfInference = inference_mode(false);
        using var gradients = enable_grad();
        var x = ChannelsLast.Of(Waves(input).to_type(type));
        var weight = ChannelsLast.Of(Waves(kernel).to_type(type));
        var expected = Results(x.to_type(ScalarType.Float32), weight.to_type(ScalarType.Float32), byInput, convolution.ByMatrices);
        return Results(x, weight, byInput, convolution.ByKernel).Zip(expected).All(pair => IsNear(pair.First, pair.Second));
    }

    /// <summary>The value, then the gradients by the weights and, where it matters, by the input.</summary>
    private static Tensor[] Results(Tensor x, Tensor weight, bool byInput, Func<Tensor, Tensor, Tensor?, Tensor> compute)
    {
        var input = x.detach().requires_grad_(byInput);
        var kernel = weight.detach().requires_grad_(true);
        var value = compute(input, kernel, null);
        return [value, .. autograd.grad([value], byInput ? [kernel, input] : [kernel], [Waves(value.shape).to_type(value.dtype)])];
    }

    /// <summary>Rounding stays below a third of this, of the largest magnitude; a wrong kernel is far above.</summary>
    private static bool IsNear(Tensor actual, Tensor expected)
    {
        var tolerance = actual.dtype == ScalarType.BFloat16 ? 0.03 : 1e-4;
        return (actual.to_type(ScalarType.Float32) - expected).abs().max().item<float>() <= tolerance * expected.abs().max().item<float>();
    }

    /// <summary>Numbers between -1 and 1 without an order that a mistake could hide in.</summary>
    private static Tensor Waves(long[] shape) =>
        arange(Scalars.Of(shape.Aggregate(1L, (product, size) => product * size)), ScalarType.Float32, device: CPU)
            .mul(Scalars.Of(1.7)).sin().reshape(shape);
}
