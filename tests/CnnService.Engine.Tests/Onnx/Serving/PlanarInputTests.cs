using CnnService.Core.Models;
using CnnService.Onnx.Serving;

namespace CnnService.Engine.Tests.Onnx.Serving;

public sealed class PlanarInputTests
{
    [Theory]
    [InlineData(NormalizationKind.Rescale, 1)]
    [InlineData(NormalizationKind.Rescale, 3)]
    [InlineData(NormalizationKind.Standardize, 1)]
    [InlineData(NormalizationKind.Standardize, 3)]
    [InlineData(NormalizationKind.Imagenet, 3)]
    [InlineData(NormalizationKind.Caffe, 1)]
    [InlineData(NormalizationKind.Caffe, 3)]
    public void Fill_OfEveryByteValue_FollowsTheFormula(NormalizationKind kind, int channels)
    {
        var preprocessing = Preprocessing.Create(kind, channels, [0.4, 0.5, 0.6], [0.2, 0.3, 0.1]);
        preprocessing = preprocessing with { Mean = [.. preprocessing.Mean.Take(channels)], Std = [.. preprocessing.Std.Take(channels)] };
        byte[] pixels = [.. Enumerable.Range(0, 256 * channels).Select(i => (byte)(i * 37))];
        var planes = new float[pixels.Length];

        new PlanarInput(preprocessing).Fill(pixels, planes);

        for (var i = 0; i < pixels.Length; i++)
        {
            var plane = i / 256;
            var channel = kind == NormalizationKind.Caffe ? channels - 1 - plane : plane;
            var value = pixels[(i % 256 * channels) + channel] * preprocessing.Scale;
            Assert.Equal((value - preprocessing.Mean[plane]) / preprocessing.Std[plane], planes[i], 1e-5);
        }
    }
}
