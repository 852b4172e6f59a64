using CnnService.Onnx.Quantization;

namespace CnnService.Engine.Tests.Onnx.Quantization;

public sealed class QuantizedWeightsTests
{
    /// <summary>By hand: 127 is the largest weight of each channel, and a bias counts steps of input scale times weight scale.</summary>
    [Fact]
    public void Create_OfTwoChannels_GivesEachAScaleOfItsOwn()
    {
        var found = QuantizedWeights.Create([1.27f, -0.5f, 0.004f, 0, -25.4f, 12.6f], [0.3f, -2], 2, 0.5f);

        Assert.Equal([127, -50, 0, 0, -127, 63], found.Weights.Select(weight => (int)weight));
        Assert.Equal([0.01f, 0.2f], found.Scales);
        Assert.Equal([0.005f, 0.1f], found.BiasScales);
        Assert.Equal([60, -20], found.Biases);
    }

    [Fact]
    public void Create_OfAChannelWithoutWeights_KeepsItsBias()
    {
        var found = QuantizedWeights.Create([0f, 0, 1e-12f, 0], [3f, -7], 2, 0.25f);

        Assert.All(found.Scales, scale => Assert.True(scale > 0));
        Assert.Equal(3, found.Biases[0] * (double)found.BiasScales[0], 1e-6);
        Assert.Equal(-7, found.Biases[1] * (double)found.BiasScales[1], 1e-6);
    }

    [Fact]
    public void Create_WithoutBiases_HasNone() => Assert.Empty(QuantizedWeights.Create([1f, 2], [], 1, 1).Biases);
}
