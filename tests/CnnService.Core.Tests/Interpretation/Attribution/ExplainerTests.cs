using CnnService.Core.Common;
using CnnService.Core.Interpretation.Attribution;
using CnnService.Core.Models;

namespace CnnService.Core.Tests.Interpretation.Attribution;

/// <summary>Explanations of a network whose right answers are known: a weighted sum of the values of an image of 8 by 8.</summary>
public class ExplainerTests
{
    private const int Side = 8;

    private static readonly LoadedModel Model = SomeModel.Create();

    /// <summary>What matters to it: the pixels of rows 2 and 3, columns 4 and 5.</summary>
    private static readonly float[] Planted = [.. Enumerable.Range(0, Side * Side * 3).Select(i => IsPlanted(i / 3) ? 3f : 0)];

    [Fact]
    public void Integrated_LinearModel_IsWeightTimesWay()
    {
        var weights = Random(1);
        var (image, grey) = (Image(2), 0.45);

        var map = Explain(new LinearModel(weights), image, new() { Method = "integrated-gradients", Class = "dog" });

        var expected = Enumerable.Range(0, Side * Side)
            .Select(pixel => Enumerable.Range(0, 3).Sum(c => weights[(pixel * 3) + c] * ((image.Data[(pixel * 3) + c] / 255.0) - grey)))
            .ToArray();
        Assert.All(expected.Zip(map.Values), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        Assert.InRange(map.Figures["completenessError"], 0, 1e-4);
        Assert.True(map.IsSigned);
    }

    [Fact]
    public void Integrated_CurvedModel_SumsToTheDifferenceOfTheScores()
    {
        var map = Explain(new LinearModel(Random(3), curve: 0.7), Image(4), new()
        {
            Method = "integrated-gradients",
            Class = "dog",
            Baseline = "black",
            Steps = 8,
        });
        Assert.Equal(map.Figures["scoreDifference"], map.Values.Sum(value => (double)value), 1e-3);
        Assert.Equal(ExplainStatus.Ok, map.Status);
    }

    [Fact]
    public void Integrated_ImageIsTheBaseline_IsZero()
    {
        var map = Explain(new LinearModel(Random(1)), new PixelBuffer(Side, Side, 3), new()
        {
            Method = "integrated-gradients",
            Class = "dog",
            Baseline = "black",
        });
        Assert.All(map.Values, value => Assert.Equal(0, value));
        Assert.Equal(ExplainStatus.Empty, map.Status);
    }

    [Fact]
    public void Integrated_ImageAndBaselineSwapped_FlipsTheSign()
    {
        var (model, white) = (new LinearModel(Random(5), curve: 0.3), new PixelBuffer(Side, Side, 3));
        Array.Fill(white.Data, (byte)255);
        var forth = Explain(model, white, new() { Method = "integrated-gradients", Class = "dog", Baseline = "black" });
        var back = Explain(model, new PixelBuffer(Side, Side, 3), new()
        {
            Method = "integrated-gradients",
            Class = "dog",
            Baseline = "white",
        });
        Assert.All(forth.Values.Zip(back.Values), pair => Assert.Equal(pair.First, -pair.Second, 1e-5));
    }

    [Fact]
    public void Saliency_IsTheLargestMagnitudeOfTheChannels_AndSmoothGradWithoutNoiseItsSquare()
    {
        var weights = Random(6);
        var saliency = Explain(new LinearModel(weights), Image(1), new() { Method = "saliency", Class = "dog" });
        var smooth = Explain(new LinearModel(weights), Image(1), new() { Method = "smoothgrad", Class = "dog", Noise = 0, Samples = 3 });
        Assert.All(saliency.Values.Index(),
            one => Assert.Equal(Math.Abs(weights.AsSpan(one.Index * 3, 3).ToArray().MaxBy(Math.Abs)), one.Item, 1e-5f));
        Assert.All(saliency.Values.Zip(smooth.Values), pair => Assert.Equal(pair.First * pair.First, pair.Second, 1e-4f));
    }

    [Fact]
    public void Occlusion_PlantedEvidence_IsFoundWithinAWindowAndNowhereElse()
    {
        var map = Explain(new LinearModel(Planted), White(), new() { Method = "occlusion", Class = "dog" });
        Assert.True(IsPlanted(map.Values.Index().MaxBy(one => one.Item).Index));
        const int window = 2; // A fifth of 8, rounded.
        Assert.All(map.Values.Index().Where(one => !IsNear(one.Index, window - 1)), one => Assert.Equal(0, one.Item, 1e-4f));
        Assert.All(map.Values, value => Assert.True(float.IsFinite(value))); // A pixel that no window covered would be 0/0.
    }

    [Fact]
    public void Rise_PlantedEvidence_IsFound()
    {
        float[] faint = [.. Planted.Select(weight => weight / 6)]; // Not so sure that every mask is.
        var map = Explain(new LinearModel(faint), White(), new() { Method = "rise", Class = "dog", Samples = 4000 });
        Assert.True(IsNear(map.Values.Index().MaxBy(one => one.Item).Index, 1));
    }

    /// <summary>Evidence that grows fainter from the middle on.</summary>
    [Fact]
    public void Rise_AnotherSeed_TellsTheSameInOtherNumbers()
    {
        float[] weights = [
            .. Enumerable.Range(0, Side * Side * 3)
                .Select(i => (float)(0.3 * Math.Exp(-(Math.Pow((i / 3 / Side) - 3.5, 2) + Math.Pow((i / 3 % Side) - 3.5, 2)) / 8)))];
        Explanation[] maps = [.. Enumerable.Range(0, 2).Select(seed => Explain(
            new LinearModel([.. weights.Select(weight => weight / 8)]), White(), new()
            {
                Method = "rise",
                Class = "dog",
                Samples = 4000,
                Seed = seed,
            }))];
        Assert.InRange(Spearman(maps[0].Values, maps[1].Values), 0.8, 0.9999);
        Assert.Equal(maps[0].Values, Explain(new LinearModel([.. weights.Select(weight => weight / 8)]), White(), new()
        {
            Method = "rise",
            Class = "dog",
            Samples = 4000,
        }).Values);
    }

    [Fact]
    public void Explain_ClassIsNotNamed_TakesThePredictedOne()
    {
        var map = Explain(new LinearModel(Planted), White(), new() { Method = "saliency" });
        Assert.Equal((1, 1), (map.Target.Index, map.Target.Predicted));
    }

    [Theory]
    [InlineData("saliency")]
    [InlineData("smoothgrad")]
    [InlineData("integrated-gradients")]
    [InlineData("occlusion")]
    [InlineData("rise")]
    public void Explain_OnTheGpuOrNot_IsWhollyDoneThere(string method)
    {
        foreach (var onGpu in new[] { true, false })
        {
            var engine = new LinearModel(Planted);
            var plan = ExplanationPlan.Create(Model, new() { Method = method, Samples = method == "rise" ? 100 : null }).Value;

            Assert.True(new Explainer(engine, engine, engine)
                .Explain(plan with { OnGpu = onGpu }, White(), CancellationToken.None).Succeeded);

            Assert.True(engine.OnGpu.Count > 1);
            Assert.All(engine.OnGpu, asked => Assert.Equal(onGpu, asked));
        }
    }

    [Fact]
    public void Explain_ValuesBeyondFloat_IsAProblemAndNoMap()
    {
        float[] huge = [.. Enumerable.Repeat(float.MaxValue, Side * Side * 3)];
        var plan = ExplanationPlan.Create(Model, new() { Method = "saliency", Class = "dog" }).Value;
        var engine = new LinearModel(huge);
        Assert.Equal("explain.not-finite",
            new Explainer(engine, engine, engine).Explain(plan, White(), CancellationToken.None).Problem?.Code);
    }

    internal static double Spearman(IReadOnlyList<float> one, IReadOnlyList<float> other)
    {
        static double[] Ranks(IReadOnlyList<float> values)
        {
            var ranks = new double[values.Count];
            foreach (var (rank, index) in Enumerable.Range(0, values.Count).OrderBy(i => values[i]).Index())
            {
                ranks[index] = rank;
            }

            return ranks;
        }

        var (a, b, mean) = (Ranks(one), Ranks(other), (one.Count - 1) / 2.0);
        return a.Zip(b, (x, y) => (x - mean) * (y - mean)).Sum() / a.Sum(x => (x - mean) * (x - mean));
    }

    private static Explanation Explain(LinearModel engine, PixelBuffer image, ExplanationRequest request) =>
        new Explainer(engine, engine, engine).Explain(ExplanationPlan.Create(Model, request).Value, image, CancellationToken.None).Value;

    private static bool IsPlanted(int pixel) => IsNear(pixel, 0);

    private static bool IsNear(int pixel, int distance) =>
        pixel / Side >= 2 - distance && pixel / Side <= 3 + distance && pixel % Side >= 4 - distance && pixel % Side <= 5 + distance;

    private static float[] Random(ulong seed)
    {
        var random = new CounterRandom(seed);
        var values = new float[Side * Side * 3];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (float)random.NextDouble(-0.1, 0.1);
        }

        return values;
    }

    private static PixelBuffer White()
    {
        var image = new PixelBuffer(Side, Side, 3);
        Array.Fill(image.Data, (byte)255);
        return image;
    }

    private static PixelBuffer Image(ulong seed)
    {
        var random = new CounterRandom(seed, 5);
        var image = new PixelBuffer(Side, Side, 3);
        for (var i = 0; i < image.Data.Length; i++)
        {
            image.Data[i] = (byte)random.NextInt32(256);
        }

        return image;
    }
}
