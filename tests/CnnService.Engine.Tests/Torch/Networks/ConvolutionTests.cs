using CnnService.Torch.Networks;
using static TorchSharp.torch;

namespace CnnService.Engine.Tests.Torch.Networks;

/// <summary>
/// Float64 is the reference: its convolutions are libtorch's own, not oneDNN's. Bfloat16 rounds sums that cancel to a few percent; a wrong
/// kernel is off by half of the largest number and more.
/// </summary>
[Collection(TorchSuite.Name)]
public sealed class ConvolutionTests
{
    /// <summary>Channels, filters, kernel, groups.</summary>
    public static TheoryData<int, int, int, int> Shapes => new()
    {
        { 1, 1, 3, 1 },
        { 1, 5, 1, 1 },
        { 1, 24, 3, 1 },
        { 3, 32, 3, 1 },
        { 16, 16, 3, 1 },
        { 24, 24, 3, 1 },
        { 64, 1000, 1, 1 },
        { 32, 32, 1, 4 },
        { 3, 6, 3, 3 },
        { 6, 4, 3, 2 },
        { 32, 64, 5, 2 },
        { 6, 6, 3, 6 },
        { 32, 32, 3, 32 },
    };

    /// <summary>Whatever the processor can do: the numbers are right, in both types, the gradients too.</summary>
    [Theory]
    [MemberData(nameof(Shapes))]
    public void Apply_AnyChannels_IsThatOfFloat64(int channels, int filters, int kernel, int groups)
    {
        var convolution = new Convolution(new(2, 1), new(kernel / 2, 1), new(1, 2), groups);
        AssertRight(channels, filters, kernel, groups, ScalarType.Float32, convolution.Apply);
        AssertRight(channels, filters, kernel, groups, ScalarType.BFloat16, convolution.Apply);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void ByMatrices_AnyChannels_IsThatOfFloat64(int channels, int filters, int kernel, int groups)
    {
        var convolution = new Convolution(new(2, 1), new(kernel / 2, 1), new(1, 2), groups);
        AssertRight(channels, filters, kernel, groups, ScalarType.Float64, convolution.WithMatrixMultiplication);
        AssertRight(channels, filters, kernel, groups, ScalarType.Float32, convolution.WithMatrixMultiplication);
    }

    /// <summary>Shapes at which oneDNN has ended the process by dividing by zero, where the machine tells no sizes of caches.</summary>
    [Theory]
    [InlineData(1024, 512, 20, 1)]
    [InlineData(512, 2048, 16, 2)]
    [InlineData(256, 1024, 6, 1)]
    public void Apply_OneCellOfManyChannels_IsThatOfFloat64(int channels, int filters, int side, int stride)
    {
        using var scope = NewDisposeScope();
        var convolution = new Convolution(new(stride, stride), new(0, 0), new(1, 1), 1);
        var (x, weight, bias) = (Numbers(2, channels, side, side), Numbers(filters, channels, 1, 1), Numbers(filters));

        foreach (var (type, tolerance) in new[] { (ScalarType.Float32, 1e-5), (ScalarType.BFloat16, 0.02) })
        {
            var rounded = new[] { x, weight, bias }.Select(value => value.to_type(type).to_type(ScalarType.Float64)).ToArray();
            var expected = nn.functional.conv2d(rounded[0], rounded[1], rounded[2], [stride, stride]);

            var actual = convolution.Apply(ChannelsLast.Convert(x.to_type(type)), weight.to_type(type), bias.to_type(type));

            Assert.Equal(expected.shape, actual.shape);
            Assert.Equal(type, actual.dtype);
            Assert.InRange((actual.to_type(ScalarType.Float64) - expected).abs().max().item<double>(), 0,
                tolerance * expected.abs().max().item<double>());
        }
    }

    /// <summary>The trial takes gradients; a network that is only asked has turned them off.</summary>
    [Fact]
    public void Apply_InInference_IsTriedAllTheSame()
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        var convolution = new Convolution(new(1, 1), new(2, 2), new(1, 1), 1);
        var x = Numbers(3, 32, 10, 10).to_type(ScalarType.Float32);
        var weight = Numbers(48, 32, 5, 5).to_type(ScalarType.Float32);

        var difference = (convolution.Apply(x, weight, null) - convolution.WithMatrixMultiplication(x, weight, null)).abs().max()
            .item<float>();

        Assert.InRange(difference, 0, 1e-2f);
        Assert.True(is_inference_mode_enabled());
    }

    private static void AssertRight(
        int channels, int filters, int kernel, int groups, ScalarType type, Func<Tensor, Tensor, Tensor?, Tensor> compute)
    {
        using var scope = NewDisposeScope();
        var inputs = new[] { Numbers(2, channels, 9, 12), Numbers(filters, channels / groups, kernel, kernel), Numbers(filters) };
        foreach (var byInput in new[] { true, false })
        {
            var actual = Results([.. inputs.Select(input => input.to_type(type))], byInput, compute);
            var expected = Results(
                [.. inputs.Select(input => input.to_type(type).to_type(ScalarType.Float64))],
                byInput,
                (x, weight, bias) => nn.functional.conv2d(x, weight, bias, [2, 1], [kernel / 2, 1], [1, 2], groups));
            Assert.Equal(expected.Length, actual.Length);
            Assert.All(expected.Zip(actual), pair =>
            {
                Assert.Equal(pair.First.shape, pair.Second.shape);
                Assert.Equal(type, pair.Second.dtype);
                var difference = (pair.Second.to_type(ScalarType.Float64) - pair.First).abs().max().item<double>();
                Assert.InRange(difference, 0, (type == ScalarType.BFloat16 ? 0.25 : 1e-5) * pair.First.abs().max().item<double>());
            });
        }
    }

    /// <summary>The value, the gradients by weights and bias, and by the input where asked for.</summary>
    private static Tensor[] Results(Tensor[] inputs, bool byInput, Func<Tensor, Tensor, Tensor?, Tensor> compute)
    {
        Tensor[] leaves = [
            .. inputs.Select(
                (input, i) => (input.dim() == 4 ? ChannelsLast.Convert(input) : input.clone()).detach().requires_grad_(i > 0 || byInput))];
        var value = compute(leaves[0], leaves[1], leaves[2]);
        return [value, .. Gradients.Compute(value, byInput ? leaves : leaves[1..], Numbers(value.shape).to_type(value.dtype))];
    }

    private static Tensor Numbers(params long[] shape) =>
        arange(OwnedScalars.Create(shape.Aggregate(1L, (product, size) => product * size)), ScalarType.Float64)
        .mul(OwnedScalars.Create(1.3)).cos().reshape(shape);
}
