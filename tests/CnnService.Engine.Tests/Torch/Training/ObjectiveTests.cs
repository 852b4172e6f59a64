using CnnService.Core.Common;
using CnnService.Core.Training;
using CnnService.Torch.Networks;
using CnnService.Torch.Training.Objectives;
using static TorchSharp.torch;

namespace CnnService.Engine.Tests.Torch.Training;

[Collection(TorchSuite.Name)]
public sealed class ObjectiveTests
{
    public static TheoryData<string, int, double, double[]?> Cases => new()
    {
        { "loss-smooth", 4, 0.1, null },
        { "loss-weights", 4, 0, [0.5, 2, 1, 3] },
        { "loss-both", 4, 0.2, [0.5, 2, 1, 3] },
        { "loss-sigmoid", 2, 0.1, [0.6, 1.7] },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Loss_AndItsGradient_ArePyTorchs(string name, int classes, double smoothing, double[]? weights)
    {
        using var scope = NewDisposeScope();
        using var objective = new Objective(Plan(classes) with { LabelSmoothing = smoothing, ClassWeights = weights }, CPU);
        var reference = Reference.Tensors[$"{name}/logits"];
        var logits = tensor(reference.Data, [.. reference.Shape.Select(size => (long)size)]).requires_grad_(true);

        var loss = objective.Loss(logits, new(Labels(name)));
        var gradient = Gradients.Compute(loss, [logits])[0];

        Assert.Equal(Reference.Tensors[$"{name}/loss"].Data[0], loss.item<float>(), 1e-6f);
        Assert.All(
            Reference.Tensors[$"{name}/gradient"].Data.Zip(gradient.contiguous().data<float>().ToArray()),
            pair => Assert.Equal(pair.First, pair.Second, 1e-6));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void Loss_OfMixedImages_IsTheMixOfTheirLosses(int classes) // Cross-entropy is linear in its target.
    {
        using var scope = NewDisposeScope();
        using var objective = new Objective(Plan(classes), CPU);
        var logits = randn([5, classes == 2 ? 1 : classes], ScalarType.Float32, generator: new Generator(3));
        var (own, other) = (tensor(new long[] { 0, 1, 1, 0, 1 }), tensor(new long[] { 1, 1, 0, 0, 0 }));

        var mixed = objective.Loss(logits, new(own, other, 0.7)).item<float>();

        var expected = (0.7 * Losses.CrossEntropy(logits, own).item<float>()) + (0.3 * Losses.CrossEntropy(logits, other).item<float>());
        Assert.Equal(expected, mixed, 1e-5);
    }

    [Fact]
    public void Mixup_BlendsEachImageWithAnother_AndTheSameKeyTheSameWay()
    {
        using var scope = NewDisposeScope();
        var images = tensor(new float[] { 0, 100, 200, 300, 400, 500 }).view(6, 1, 1, 1);
        var labels = tensor(new long[] { 0, 1, 2, 3, 4, 5 });

        using var mixup = new Mixup(0.8, (1, 2), images: 30, batchSize: 6, CPU);
        using var resumed = new Mixup(0.8, (1, 2), images: 30, batchSize: 6, CPU);
        var (first, targets) = mixup.Apply(images, labels, 3);
        var (again, _) = resumed.Apply(images, labels, 3);
        var (later, _) = mixup.Apply(images, labels, 4);

        var partners = targets.PartnerLabels!.data<long>().ToArray();
        var values = first.data<float>().ToArray();
        Assert.Equal(Enumerable.Range(0, 6).Select(i => (long)i), partners.Order());
        Assert.InRange(targets.Weight, 0.5, 1);
        Assert.All(Enumerable.Range(0, 6),
            i => Assert.Equal((targets.Weight * 100 * i) + ((1 - targets.Weight) * 100 * partners[i]), values[i], 1e-3));
        Assert.Equal(values, again.data<float>().ToArray());
        Assert.NotEqual(values, later.data<float>().ToArray());
    }

    [Theory]
    [InlineData(0.2)]
    [InlineData(1)]
    [InlineData(4)]
    public void Beta_ManyDraws_HaveTheMeanAndVarianceOfTheDistribution(double alpha)
    {
        var random = new CounterRandom(5);
        var draws = new double[20_000];
        for (var i = 0; i < draws.Length; i++)
        {
            draws[i] = Mixup.Beta(alpha, ref random);
        }

        // Mean 1/2 and variance 1 / (4 (2 alpha + 1)); four standard errors of either fit into these bounds.
        var variance = 1 / (4 * ((2 * alpha) + 1));
        Assert.Equal(0.5, draws.Average(), 0.012);
        Assert.InRange(draws.Average(draw => (draw - 0.5) * (draw - 0.5)), 0.95 * variance, 1.05 * variance);
        Assert.All(draws, draw => Assert.InRange(draw, 0, 1));
    }

    private static Tensor Labels(string name) => tensor(Reference.Tensors[$"{name}/labels"].Data.Select(label => (long)label).ToArray());

    private static TrainingPlan Plan(int classes) =>
        TrainingBench.Some.Plan() with { Classes = [.. Enumerable.Range(0, classes).Select(i => $"class{i}")] };
}
