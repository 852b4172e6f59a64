using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Core.Visualization.Explaining;

namespace CnnService.Core.Tests.Visualization.Explaining;

/// <summary>Explanations of a linear network, where each has a closed form.</summary>
public class ExplainerTests
{
    private const int Side = 20;
    private const int Area = Side * Side;

    private readonly LoadedModel _model = Model(outputs: 2);
    private readonly PixelBuffer _picture = Picture();

    [Fact]
    public void IntegratedGradients_OfALinearNetwork_AreWeightsTimesTheWay()
    {
        var (dog, cat) = (Random(1), Random(2));

        var found = Explain(new LinearProbe(cat, dog), new() { Method = ExplainMethod.IntegratedGradients, Class = "dog", Baseline = ExplainBaseline.Black });

        Assert.Equal((8 * 4, 0.0), (found.Steps, Math.Round(found.CompletenessError!.Value, 3)));
        for (var i = 0; i < Area; i++)
        {
            var expected = Enumerable.Range(0, 3).Sum(channel => dog[(channel * Area) + i] * _picture.Data[(i * 3) + channel] / 255f);
            Assert.Equal(expected, found.Map.Span[i], 1e-5f);
        }
    }

    [Fact]
    public void IntegratedGradients_FromAPictureToItself_AreNothing()
    {
        var black = new PixelBuffer(Side, Side, 3);

        var found = new Explainer(new LinearProbe(Random(1), Random(2)))
            .Explain(_model, black, new() { Method = ExplainMethod.IntegratedGradients, Class = "dog", Baseline = ExplainBaseline.Black }, CancellationToken.None).Value;

        Assert.All(found.Map.ToArray(), value => Assert.Equal(0, value));
        Assert.Equal("empty", found.Status);
    }

    [Fact]
    public void IntegratedGradients_OfTheTwoClassesOfOneOutput_AreOpposite()
    {
        var model = Model(outputs: 1);
        var probe = new LinearProbe(Random(3));

        var first = new Explainer(probe).Explain(model, _picture, new() { Method = ExplainMethod.IntegratedGradients, Class = "cat" }, CancellationToken.None).Value;
        var second = new Explainer(probe).Explain(model, _picture, new() { Method = ExplainMethod.IntegratedGradients, Class = "dog" }, CancellationToken.None).Value;

        Assert.Equal(-first.Logit, second.Logit);
        Assert.Equal(1, first.Probability + second.Probability, 1e-9);
        Assert.Equal(first.Map.ToArray().Select(value => -value), second.Map.ToArray());
    }

    [Fact]
    public void Saliency_IsTheLargestWeightOfEachPixel()
    {
        var dog = Random(4);

        var found = Explain(new LinearProbe(Random(5), dog), new() { Method = ExplainMethod.Saliency, Class = "dog" });

        for (var i = 0; i < Area; i++)
        {
            Assert.Equal(Enumerable.Range(0, 3).Max(channel => Math.Abs(dog[(channel * Area) + i])), found.Map.Span[i], 1e-6f);
        }
    }

    [Fact]
    public void SmoothGrad_WithoutNoise_IsTheSquareOfSaliency()
    {
        var probe = new LinearProbe(Random(5), Random(4));

        var saliency = Explain(probe, new() { Method = ExplainMethod.Saliency, Class = "dog" });
        var smooth = Explain(probe, new() { Method = ExplainMethod.Smoothgrad, Class = "dog", Noise = 0, Samples = 9 });

        Assert.All(saliency.Map.ToArray().Zip(smooth.Map.ToArray()), pair => Assert.Equal(pair.First * pair.First, pair.Second, 1e-6f));
    }

    [Theory]
    [InlineData(ExplainMethod.Occlusion)]
    [InlineData(ExplainMethod.Rise)]
    public void Masks_FindTheBlockThatTheNetworkLooksAt(ExplainMethod method)
    {
        // "dog" is how bright the 4x4 block at (6, 12) is; nothing else counts.
        var dog = new float[3 * Area];
        for (var i = 0; i < dog.Length; i++)
        {
            var (y, x) = (i % Area / Side, i % Side);
            dog[i] = y is >= 6 and < 10 && x is >= 12 and < 16 ? 0.1f : 0; // Not so much that the probability is always 1.
        }

        var found = new Explainer(new LinearProbe(new float[3 * Area], dog)).Explain(_model, White(), new() { Method = method, Class = "dog", Masks = 2000 }, CancellationToken.None).Value;

        var best = found.Map.ToArray().Index().MaxBy(cell => cell.Item).Index;
        Assert.InRange(best / Side, 5, 10);
        Assert.InRange(best % Side, 11, 16);
        if (method == ExplainMethod.Occlusion)
        {
            // A window is 4 pixels: farther than that from the block nothing is lost.
            Assert.All(found.Map.ToArray().Index().Where(cell => cell.Index / Side is < 3 or > 12 || cell.Index % Side < 9), cell => Assert.Equal(0, cell.Item, 1e-4f));
        }
    }

    [Fact]
    public void Rise_OfTwoSeeds_SaysTheSame()
    {
        var probe = new LinearProbe(Smooth(1), Smooth(2));

        var one = Rise(probe, seed: 1);
        var other = Rise(probe, seed: 2);

        Assert.True(RankCorrelation(one.Map.ToArray(), other.Map.ToArray()) >= 0.8);
        Assert.NotEqual(one.Map.ToArray(), other.Map.ToArray());
    }

    [Fact]
    public void Explain_WithoutAClass_TakesTheOneThatTheNetworkNames()
    {
        var found = Explain(new LinearProbe(new float[3 * Area], [.. Enumerable.Repeat(1f, 3 * Area)]), new() { Method = ExplainMethod.Saliency });

        Assert.Equal(("dog", "dog"), (found.Class, found.Predicted));
        Assert.True(found.Probability > 0.99);
    }

    [Theory]
    [InlineData("bird", "class.not-found")]
    [InlineData("2", "class.not-found")]
    public void Explain_ForAnUnknownClass_NamesThoseThereAre(string named, string code)
    {
        var problem = new Explainer(new LinearProbe(Random(1), Random(2))).Explain(_model, _picture, new() { Method = ExplainMethod.Saliency, Class = named }, CancellationToken.None).Problem!;

        Assert.Equal(code, problem.Code);
        Assert.Contains("cat, dog", problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_OfNumbersOutOfRange_NamesThemAll()
    {
        var problem = Explainer.Check(_model, new() { Steps = 1, Samples = 0, Noise = 2, Masks = 1, Maps = 0, Seed = -1, Method = ExplainMethod.Saliency, Layer = "conv" }).Problem!;

        Assert.Equal(["layer", "maps", "masks", "noise", "samples", "seed", "steps"], problem.Errors.Keys.Order());
    }

    private static PixelBuffer White() => new(Side, Side, 3, [.. Enumerable.Repeat((byte)255, 3 * Area)]);

    private static PixelBuffer Picture()
    {
        var random = new CounterRandom(9);
        var picture = new PixelBuffer(Side, Side, 3);
        for (var i = 0; i < picture.Data.Length; i++)
        {
            picture.Data[i] = (byte)random.NextInt32(256);
        }

        return picture;
    }

    private static float[] Random(ulong seed)
    {
        var random = new CounterRandom(seed);
        var values = new float[3 * Area];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (float)random.NextGaussian();
        }

        return values;
    }

    /// <summary>A slow wave: what coarse masks can see.</summary>
    private static float[] Smooth(int phase) => [.. Enumerable.Range(0, 3 * Area).Select(i => (float)Math.Sin(phase + (i % Area / Side * 0.3) + (i % Side * 0.2)) / 100)];

    private static double RankCorrelation(float[] a, float[] b)
    {
        var (x, y) = (Ranks(a), Ranks(b));
        var mean = (a.Length - 1) / 2.0;
        return x.Zip(y, (p, q) => (p - mean) * (q - mean)).Sum() / x.Sum(p => (p - mean) * (p - mean));
    }

    private static int[] Ranks(float[] values)
    {
        var ranks = new int[values.Length];
        foreach (var (rank, index) in Enumerable.Range(0, values.Length).OrderBy(i => values[i]).Index())
        {
            ranks[index] = rank;
        }

        return ranks;
    }

    private Explanation Rise(LinearProbe probe, int seed) => new Explainer(probe)
        .Explain(_model, White(), new() { Method = ExplainMethod.Rise, Class = "dog", Masks = 4000, Seed = seed }, CancellationToken.None).Value;

    private Explanation Explain(LinearProbe probe, ExplainRequest request) => new Explainer(probe).Explain(_model, _picture, request, CancellationToken.None).Value;

    private static LoadedModel Model(int outputs)
    {
        var model = SomeModel.Create();
        return model with { Network = Some.Network([.. model.Network.Spec.Layers.SkipLast(1), new Core.Architecture.DenseLayer { Name = "output", Units = outputs }]) };
    }
}
