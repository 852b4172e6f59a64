using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Core.Training.Fitting;

namespace CnnService.Core.Tests.Training.Fitting;

/// <summary>Two bundles of directions, and directions beside them.</summary>
public sealed class FamiliarityFitTests : IDisposable
{
    private const int Width = 4;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Fit_KnowsNineteenOfTwentyOfItsOwn_AndNoneFarAway()
    {
        var fitted = FamiliarityFit.Fit(Cloud(400, 1), 2, Cloud(400, 2), Cloud(400, 3), "features")!;

        Assert.InRange(fitted.KnownShare, 0.91, 0.98);
        var far = Cloud(100, 4);
        for (var i = 0; i < far.Values.Length; i++)
        {
            far.Values[i] *= i % Width == 2 ? -1 : 1; // As long, but another way.
        }

        Assert.All(Enumerable.Range(0, 100), row => Assert.InRange(Familiarity(fitted.Head, far.Row(row)), 0, 0.05));
        var own = Cloud(100, 5);
        Assert.InRange(Enumerable.Range(0, 100).Average(row => Familiarity(fitted.Head, own.Row(row))), 0.7, 1);
    }

    [Theory]
    [InlineData(40, 2, 40)]
    [InlineData(3000, 2, 512)]
    [InlineData(3000, 100, 800)]
    [InlineData(3000, 1000, 2048)]
    public void Fit_RefersToSomeOfTheTrainingImages_EachOfUnitLength(int images, int classes, int expected)
    {
        var training = Cloud(images, 1);

        var references = FamiliarityFit.Fit(training, classes, Cloud(40, 2), Cloud(40, 3), "features")!.Head.References;

        Assert.Equal([expected, Width], references.Shape);
        for (var row = 0; row < expected; row++)
        {
            var image = training.Row((int)((long)row * images / expected));
            var length = Math.Sqrt(image.ToArray().Sum(value => (double)value * value));
            for (var i = 0; i < Width; i++)
            {
                Assert.Equal(image[i] / length, references.Data[(row * Width) + i], 1e-6);
            }
        }
    }

    [Fact]
    public void Fit_OfLongerFeatures_IsTheSame()
    {
        FamiliarityHead Head(float factor) => FamiliarityFit.Fit(
            Cloud(100, 1, factor), 2, Cloud(100, 2, factor), Cloud(100, 3, factor), "features")!.Head;

        var (head, other) = (Head(1), Head(7));

        Assert.Equal(head.Middle, other.Middle, 1e-5);
        Assert.Equal(head.Width, other.Width, 1e-5);
    }

    [Fact]
    public void Fit_WithoutImagesToScaleBy_IsNone()
    {
        Assert.Null(FamiliarityFit.Fit(Cloud(40, 1), 2, Cloud(19, 2), Cloud(40, 3), "features"));
        Assert.Null(FamiliarityFit.Fit(Cloud(40, 1), 2, Cloud(40, 2), Cloud(0, 3), "features"));
    }

    [Fact]
    public void Head_Written_IsReadAsItWas()
    {
        var head = FamiliarityFit.Fit(Cloud(40, 1), 2, Cloud(40, 2), Cloud(40, 3), "features")!.Head;
        using (var stream = File.Create(_folder["familiarity.safetensors"]))
        {
            head.Write(stream);
        }

        var read = FamiliarityHead.Read(_folder["familiarity.safetensors"]).Value;

        Assert.Equal((head.Layer, head.Middle, head.Width), (read.Layer, read.Middle, read.Width));
        Assert.Null(read.Whitening);
        Assert.Equal(head.References.Data, read.References.Data);
    }

    [Fact]
    public void Head_OfAnEarlierVersion_KeepsItsWhitening()
    {
        var tensors = new NamedWeights();
        tensors.Add("whitening", new([2, 2], [1, 2, 3, 4]));
        tensors.Add("centres", new([1, 2], [5, 6]));
        using (var stream = File.Create(_folder["earlier.safetensors"]))
        {
            var rest = new Dictionary<string, string> { ["layer"] = "flat", ["middle"] = "2", ["width"] = "1" };
            SafetensorsFile.Write(stream, tensors, rest);
        }

        var read = FamiliarityHead.Read(_folder["earlier.safetensors"]).Value;

        Assert.Equal([1, 2, 3, 4], read.Whitening!.Data);
        Assert.Equal([5, 6], read.References.Data);
        using var written = new MemoryStream();
        read.Write(written);
        Assert.Equal(File.ReadAllBytes(_folder["earlier.safetensors"]), written.ToArray());
    }

    /// <summary>The definition, in plain loops.</summary>
    internal static double Familiarity(FamiliarityHead head, ReadOnlySpan<float> features)
    {
        var width = head.References.Shape[1];
        var length = Math.Sqrt(features.ToArray().Sum(feature => (double)feature * feature));
        var least = double.PositiveInfinity;
        for (var row = 0; row < head.References.Shape[0]; row++)
        {
            var sum = 0.0;
            for (var i = 0; i < width; i++)
            {
                sum += Math.Pow((features[i] / length) - head.References.Data[(row * width) + i], 2);
            }

            least = Math.Min(least, sum);
        }

        return 1 / (1 + Math.Exp((Math.Sqrt(least) - head.Middle) / head.Width));
    }

    /// <summary>Two classes: of long second features and of short ones.</summary>
    private static FeatureTable Cloud(int rows, ulong seed, float factor = 1)
    {
        var random = new CounterRandom(seed, 0xC10D);
        var values = new float[rows * Width];
        for (var i = 0; i < values.Length; i++)
        {
            var centre = i % Width == 1 ? 20 * (i / Width % 2) : 5;
            values[i] = factor * (float)(centre + random.NextGaussian());
        }

        return new(values, Width, [.. Enumerable.Range(0, rows).Select(row => row % 2)]);
    }
}
