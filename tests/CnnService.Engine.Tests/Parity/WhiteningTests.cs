using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Models;
using CnnService.Engine.Tests.Torch;
using CnnService.Onnx.Serving;
using CnnService.Torch.Networks;
using static TorchSharp.torch;

namespace CnnService.Engine.Tests.Parity;

/// <summary>Whitening of real colours: by training, by serving and in the 0–1 form that patterns are drawn in.</summary>
[Collection(TorchSuite.Name)]
public sealed class WhiteningTests
{
    private const int Area = 40 * 50;

    [Fact]
    public void FromBytes_OfThePixelsItWasMadeFrom_GivesUnitCovariance()
    {
        using var scope = NewDisposeScope();
        using var tensors = new TensorPreprocessing(Whiten(), CPU);
        var planes = tensors.FromBytes(tensor(Pixels, [1, 40, 50, 3])).flatten(2).squeeze(0);

        var covariance = planes.mm(planes.t()).div(OwnedScalars.Create(Area));

        Assert.True(planes.mean([1]).abs().max().item<float>() < 1e-3);
        Assert.True(covariance.sub(eye(3)).abs().max().item<float>() < 0.02, covariance.ToString());
    }

    [Fact]
    public void Fill_WhenServing_EqualsTrainingWithin1e5()
    {
        using var scope = NewDisposeScope();
        using var tensors = new TensorPreprocessing(Whiten(), CPU);
        var trained = tensors.FromBytes(tensor(Pixels, [1, 40, 50, 3])).contiguous().data<float>().ToArray();
        var served = new float[Pixels.Length];
        new PlanarInput(Whiten()).Fill(Pixels, served);
        Assert.Equal(0, trained.Zip(served, (a, b) => Math.Abs(a - b)).Max(), 1e-5);
    }

    [Fact]
    public void FromUnit_OfTheSameImage_EqualsBytesAndPassesGradients()
    {
        using var scope = NewDisposeScope();
        using var tensors = new TensorPreprocessing(Whiten(), CPU);
        var bytes = tensor(Pixels, [1, 40, 50, 3]);
        var unit = bytes.permute(0, 3, 1, 2).to_type(ScalarType.Float32).div(OwnedScalars.MaxLevel).requires_grad_(true);

        var whitened = tensors.FromUnit(unit);

        Assert.True(whitened.allclose(tensors.FromBytes(bytes), 1e-4, 1e-4));
        var gradient = Gradients.Compute(whitened.select(1, 0).sum(), [unit])[0];
        for (var channel = 0; channel < 3; channel++)
        {
            Assert.Equal(Whiten().Matrix![0][channel], gradient[0, channel, 7, 7].item<float>(), 1e-3);
        }
    }

    [Fact]
    public void FromBytes_ManyTimes_LeavesNoTensor()
    {
        var before = LiveTensors.Count();
        using (var tensors = new TensorPreprocessing(Whiten(), CPU))
        {
            using var bytes = tensor(Pixels, [1, 40, 50, 3]);
            var held = Tensor.TotalCount;
            for (var i = 0; i < 5; i++)
            {
                using var whitened = tensors.FromBytes(bytes);
                Assert.Equal(held + 1, Tensor.TotalCount);
            }
        }

        Assert.Equal(before, Tensor.TotalCount);
    }

    /// <summary>Colours that vary mostly together, as in photographs.</summary>
    private static byte[] Pixels { get; } = Draw();

    private static Preprocessing Whiten()
    {
        var (mean, std, covariance) = ColorMoments.Compute(Pixels).Statistics(3);
        return Preprocessing.Create(NormalizationKind.Whiten, 3, mean, std, covariance);
    }

    private static byte[] Draw()
    {
        var random = new CounterRandom(5);
        var pixels = new byte[3 * Area];
        for (var i = 0; i < Area; i++)
        {
            var (light, warmth, green) = (128 + (50 * random.NextGaussian()), 14 * random.NextGaussian(), 8 * random.NextGaussian());
            pixels[3 * i] = (byte)Math.Clamp(light + warmth, 0, 255);
            pixels[(3 * i) + 1] = (byte)Math.Clamp(light + green, 0, 255);
            pixels[(3 * i) + 2] = (byte)Math.Clamp(light - warmth, 0, 255);
        }

        return pixels;
    }
}
