using System.Collections.Concurrent;
using TorchSharp;
using static TorchSharp.torch;

namespace CnnService.Torch.Networks;

/// <summary>
/// Whether the CPU's convolution kernels give correct results, tested by comparing them with matrix multiplication. oneDNN selects a kernel
/// by type and shapes, and on some machines (version 3.7.1 on a virtual AMD Zen 5) many of its AVX-512 kernels give wrong numbers, most of
/// all those with blocks of 16 channels that are not full. A network trained with them adapts to the error and fails on every other
/// machine. A machine that passes the initial test is trusted for all shapes; otherwise each shape is tested, except for 1×1 kernels: there
/// oneDNN divides by an empty block, and the hardware exception ends the process before a test could report it. Thread safe; results are
/// cached for the life of the process.
/// </summary>
internal static class ConvolutionSelfTest
{
    /// <summary>Number of channels that oneDNN computes in one block.</summary>
    private const int BlockSize = 16;

    /// <summary>
    /// First layers with at most this many input channels have kernels of their own, which do not block the input channels.
    /// </summary>
    private const int MaxFirstLayerChannels = 4;

    /// <summary>Largest batch used to test a shape.</summary>
    private const int MaxTestBatch = 4;

    private static readonly Convolution Plain = new(new(1, 1), new(1, 1), new(1, 1), 1);

    /// <summary>The initial test: convolutions, input shapes and kernel shapes that have been observed to fail.</summary>
    private static readonly (Convolution Convolution, long[] Input, long[] Kernel)[] InitialTests =
    [
        (Plain, [2, 1, 14, 14], [1, 1, 3, 3]),
        (Plain, [2, 24, 14, 14], [24, 24, 3, 3]),
        (Plain, [2, 16, 14, 14], [32, 16, 3, 3]),
        (Plain with { Padding = new(0, 0) }, [2, 1, 14, 14], [5, 1, 1, 1]),
        (Plain with { Padding = new(0, 0) }, [2, 64, 7, 7], [1000, 64, 1, 1]),
        (Plain with { Strides = new(2, 1), Dilation = new(1, 2) }, [2, 16, 9, 12], [16, 16, 3, 3]),
        (Plain with { Dilation = new(2, 1), Groups = 3 }, [3, 3, 10, 9], [6, 1, 3, 3]),
        (Plain with { Strides = new(2, 1), Groups = 32 }, [2, 32, 9, 12], [32, 1, 3, 3]),
    ];

    private static readonly ConcurrentDictionary<ScalarType, Lazy<bool>> TrustedTypes = new();
    private static readonly ConcurrentDictionary<(Convolution Convolution, ScalarType Type, string Shapes), Lazy<bool>> TestedShapes =
        new();

    /// <summary>
    /// Whether libtorch's kernel may be used for this convolution. Always true on a GPU; any other device (libtorch's lazy one) computes
    /// with the processor's kernels.
    /// </summary>
    /// <param name="convolution">The convolution to compute.</param>
    /// <param name="x"><c>[N,C,H,W]</c>. If it requires a gradient, the gradient's kernel is tested too.</param>
    /// <param name="weight"><c>[F,C/groups,KH,KW]</c>.</param>
    internal static bool IsSound(Convolution convolution, Tensor x, Tensor weight) =>
        x.device_type is DeviceType.CUDA or DeviceType.MPS || IsTrusted(x.dtype) || PassesTest(convolution, x, weight);

    /// <summary>Whether all kernels of a type are trusted on this machine.</summary>
    internal static bool IsTrusted(ScalarType type) => type is not (ScalarType.Float32 or ScalarType.BFloat16)
        || TrustedTypes.GetOrAdd(type,
            _ => new(
                () => InitialTests.All(
                    trial => MatchesReference(trial.Convolution, type, trial.Input, trial.Kernel, byInput: true)))).Value;

    /// <summary>
    /// Partly filled blocks are never trusted and not tested: their error depends on the memory behind the channels, so a test may pass
    /// by chance.
    /// </summary>
    private static bool PassesTest(Convolution convolution, Tensor x, Tensor weight)
    {
        if (weight.shape is [_, _, 1, 1])
        {
            return false;
        }

        var (input, kernel, byInput) = (x.shape, weight.shape, x.requires_grad);
        input[0] = Math.Min(MaxTestBatch, input[0]);
        return HasFullBlocks(convolution, kernel, byInput) && TestedShapes.GetOrAdd(
            (convolution, x.dtype, $"{string.Join('x', input)} {string.Join('x', kernel)} {byInput}"),
            _ => new(() => MatchesReference(convolution, x.dtype, input, kernel, byInput))).Value;
    }

    private static bool HasFullBlocks(Convolution convolution, long[] kernel, bool byInput) =>
        kernel[0] / convolution.Groups % BlockSize == 0
        && (kernel[1] % BlockSize == 0 || (!byInput && kernel[1] <= MaxFirstLayerChannels && convolution.Groups == 1));

    private static bool MatchesReference(Convolution convolution, ScalarType type, long[] input, long[] kernel, bool byInput)
    {
        using var scope = NewDisposeScope();
        using var outsideOfInference = inference_mode(false);
        using var gradients = enable_grad();
        var x = ChannelsLast.Convert(TestValues(input).to_type(type));
        var weight = ChannelsLast.Convert(TestValues(kernel).to_type(type));
        var expected = Results(x.to_type(ScalarType.Float32), weight.to_type(ScalarType.Float32), byInput,
            convolution.WithMatrixMultiplication);
        return Results(x, weight, byInput, convolution.WithNativeKernel).Zip(expected).All(pair => IsNear(pair.First, pair.Second));
    }

    /// <summary>The output, then the gradients of the weights and, if <paramref name="byInput"/>, of the input.</summary>
    private static Tensor[] Results(Tensor x, Tensor weight, bool byInput, Func<Tensor, Tensor, Tensor?, Tensor> compute)
    {
        var input = x.detach().requires_grad_(byInput);
        var kernel = weight.detach().requires_grad_(true);
        var value = compute(input, kernel, null);
        return [value, .. Gradients.Compute(value, byInput ? [kernel, input] : [kernel], TestValues(value.shape).to_type(value.dtype))];
    }

    /// <summary>
    /// Tolerance relative to the largest magnitude. Rounding errors stay below a third of it; a wrong kernel is far above it.
    /// </summary>
    private static bool IsNear(Tensor actual, Tensor expected)
    {
        var tolerance = actual.dtype == ScalarType.BFloat16 ? 0.03 : 1e-4;
        return (actual.to_type(ScalarType.Float32) - expected).abs().max().item<float>() <= tolerance * expected.abs().max().item<float>();
    }

    /// <summary>Deterministic values between -1 and 1 without a regular pattern that could hide an error.</summary>
    private static Tensor TestValues(long[] shape) =>
        arange(OwnedScalars.Create(shape.Aggregate(1L, (product, size) => product * size)), ScalarType.Float32, device: CPU)
            .mul(OwnedScalars.Create(1.7)).sin().reshape(shape);
}
