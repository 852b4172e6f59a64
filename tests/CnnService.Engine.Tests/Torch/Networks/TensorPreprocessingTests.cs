using CnnService.Core.Models;
using CnnService.Torch.Networks;
using static TorchSharp.torch;

namespace CnnService.Engine.Tests.Torch.Networks;

[Collection(TorchSuite.Name)]
public sealed class TensorPreprocessingTests
{
    public static TheoryData<NormalizationKind, int> Kinds => new()
    {
        { NormalizationKind.Rescale, 3 },
        { NormalizationKind.Rescale, 1 },
        { NormalizationKind.Standardize, 3 },
        { NormalizationKind.Imagenet, 3 },
        { NormalizationKind.Caffe, 3 },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void FromBytes_EveryNormalization_FollowsTheFormula(NormalizationKind kind, int channels)
    {
        var preprocessing = Preprocessing.Create(kind, channels, [0.4, 0.5, 0.6], [0.2, 0.3, 0.25]);
        var bytes = Enumerable.Range(0, 2 * 3 * 4 * channels).Select(i => (byte)(i * 37)).ToArray();
        using var scope = NewDisposeScope();
        using var tensors = new TensorPreprocessing(preprocessing, CPU);

        var result = tensors.FromBytes(tensor(bytes, [2, 3, 4, channels])).contiguous().data<float>().ToArray();

        for (var i = 0; i < result.Length; i++)
        {
            var (n, c, y, x) = (i / (12 * channels), i / 12 % channels, i / 4 % 3, i % 4);
            var plane = preprocessing.ChannelOrder == ChannelOrder.Bgr ? channels - 1 - c : c;
            var value = bytes[(((((n * 3) + y) * 4) + x) * channels) + plane];
            var expected = ((value * preprocessing.Scale) - preprocessing.Mean[c]) / preprocessing.Std[c];
            Assert.Equal(expected, result[i], 1e-4);
        }
    }

    [Fact]
    public void FromUnit_CaffeNormalization_EqualsBytesAndPassesGradients()
    {
        using var scope = NewDisposeScope();
        using var tensors = new TensorPreprocessing(Preprocessing.Create(NormalizationKind.Caffe, 3, [], []), CPU);
        var bytes = tensor(Enumerable.Range(0, 27).Select(i => (byte)(i * 9)).ToArray(), [1, 3, 3, 3]);
        var unit = bytes.permute(0, 3, 1, 2).to_type(ScalarType.Float32).div(OwnedScalars.MaxLevel).requires_grad_(true);

        var result = tensors.FromUnit(unit);

        Assert.True(result.allclose(tensors.FromBytes(bytes), 1e-5, 1e-4));
        Assert.Equal(255, Gradients.Compute(result.sum(), [unit])[0].max().item<float>(), 1e-3);
    }
}
