using CnnService.Core.Datasets;
using CnnService.Core.Training;
using CnnService.Torch.Training.Objectives;
using static TorchSharp.torch;

namespace CnnService.Engine.Tests.Torch.Training;

/// <summary>The loss where an image has any number of labels.</summary>
[Collection(TorchSuite.Name)]
public sealed class ObjectiveOfSetsTests
{
    private const int Classes = 3;

    private static readonly int[][] Sets = [[], [0], [0, 2], [1]];
    private static readonly double[][] Logits = [[1.5, -2, 0.25], [0, 3, -1], [-0.5, 0.75, 2], [4, -4, 1]];

    [Theory]
    [InlineData(0, null, 1)]
    [InlineData(0, new[] { 1.0, 4, 10 }, 1)]
    [InlineData(0.2, null, 0.7)]
    [InlineData(0.1, new[] { 2.0, 1, 5 }, 0.7)]
    public void Loss_OfImagesWithSets_IsTheDefinitions(double smoothing, double[]? weights, double share)
    {
        using var scope = NewDisposeScope();
        using var objective = new Objective(Plan() with { LabelSmoothing = smoothing, ClassWeights = weights }, CPU, Sets);
        long[] own = [2, 0, 1, 3], partners = [0, 1, 2, 2];

        var loss = objective.Loss(Tensor(), new(tensor(own), share < 1 ? tensor(partners) : null, share)).item<float>();

        var expected = 0.0;
        for (var image = 0; image < 4; image++)
        {
            for (var one = 0; one < Classes; one++)
            {
                var (first, second) = (Sets[own[image]].Contains(one) ? 1 : 0, Sets[partners[image]].Contains(one) ? 1 : 0);
                var target = (share * first) + ((1 - share) * second);
                target = (target * (1 - smoothing)) + (smoothing / 2);
                var weight = weights?[one] ?? 1;
                var probability = 1 / (1 + Math.Exp(-Logits[image][one] - Math.Log(weight)));
                expected -= ((weight * target * Math.Log(probability)) + ((1 - target) * Math.Log(1 - probability))) / (4 * Classes);
            }
        }

        Assert.Equal(expected, loss, 1e-5);
    }

    [Fact]
    public void CountCorrect_CountsImagesAllOfWhoseLabelsAreRight()
    {
        using var scope = NewDisposeScope();
        using var objective = new Objective(Plan() with { ClassWeights = [1, 4, 10] }, CPU, Sets);

        // Said are {0, 2}, {1}, {1, 2} and {0, 2}.
        Assert.Equal(2, objective.CountCorrect(Tensor(), tensor(new long[] { 2, 3, 3, 1 })).item<long>());
        Assert.Equal(
            Math.Log(2), objective.Plain(zeros([4, Classes]), tensor(new long[] { 2, 3, 3, 1 })).item<float>(), 1e-6); // Without weights.
    }

    private static Tensor Tensor() => tensor(Logits.SelectMany(row => row).Select(logit => (float)logit).ToArray()).view(4, Classes);

    private static TrainingPlan Plan() =>
        TrainingBench.Some.Plan() with { Classes = ["a", "b", "c"], Task = DatasetTask.MultiLabel };
}
