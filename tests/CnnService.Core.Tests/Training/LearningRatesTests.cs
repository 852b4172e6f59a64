using CnnService.Core.Models;
using CnnService.Core.Training;

namespace CnnService.Core.Tests.Training;

/// <summary>The expected rates are PyTorch 1.13's, from the scheduler of each name at a rate of 0.5.</summary>
public sealed class LearningRatesTests
{
    [Fact]
    public void At_OneCycle_IsPyTorchsOneCycleLR() => AssertRates(
        [0.02, 0.1748948271, 0.4396425796, 0.4972077177, 0.4665064849, 0.405872827, 0.3236894988, 0.2313185513, 0.1415304991, 0.06673876509,
            0.01728349371, 2e-06],
        Rates(Plan(epochs: 4, new() { Name = ScheduleKind.OneCycle }), steps: 3));

    [Fact]
    public void At_Cosine_IsPyTorchsCosineAnnealingLR() => AssertRates(
        [0.5, 0.4923333109, 0.4698557159, 0.4340990258, 0.3875, 0.3332342851, 0.275, 0.2167657149, 0.1625, 0.1159009742, 0.08014428415,
            0.05766668908],
        Rates(Plan(epochs: 4, new() { Name = ScheduleKind.Cosine, Minimum = 0.1 }), steps: 3));

    [Fact]
    public void At_Step_IsPyTorchsStepLR() => AssertRates(
        [0.5, 0.5, 0.15, 0.15, 0.045, 0.045],
        Rates(Plan(epochs: 6, new() { Name = ScheduleKind.Step, StepEpochs = 2, Factor = 0.3 }), steps: 1));

    [Fact]
    public void At_ReduceOnPlateau_IsPyTorchsReduceLROnPlateau()
    {
        double[] losses = [1, 0.9, 0.95, 0.9, 0.8, 0.81, 0.82, 0.83, 0.84, 0.85, 0.86, 0.87];
        var plan = Plan(epochs: 13, new() { Name = ScheduleKind.ReduceOnPlateau, Factor = 0.2, Patience = 1, Minimum = 0.02 });

        AssertRates([0.5, 0.5, 0.5, 0.5, 0.1, 0.1, 0.1, 0.02, 0.02, 0.01, 0.01, 0.01, 0.01], Rates(plan, steps: 1, losses));
    }

    [Fact]
    public void At_ReduceOnPlateauValidatedNowAndThen_CountsValidationsOnly()
    {
        var (nan, plan) = (double.NaN, Plan(epochs: 9, new() { Name = ScheduleKind.ReduceOnPlateau, Patience = 1 }));

        AssertRates([0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.05], Rates(plan, steps: 1, [nan, 1, nan, 0.9, nan, 0.95, nan, 0.95]));
    }

    [Fact]
    public void At_WarmUp_RisesEvenlyAndThenFollowsTheSchedule() => AssertRates(
        // 4 steps of warm-up, then half a cosine over the 4 that are left.
        [0.1, 0.2, 0.3, 0.4, 0.5, 0.5 * (1 + Math.Sqrt(0.5)) / 2, 0.25, 0.5 * (1 - Math.Sqrt(0.5)) / 2],
        Rates(Plan(epochs: 4, new() { Name = ScheduleKind.Cosine, WarmupEpochs = 2 }), steps: 2));

    [Fact]
    public void At_Constant_StaysTheSame() =>
        AssertRates([0.5, 0.5, 0.5, 0.5], Rates(Plan(epochs: 2, new()), steps: 2));

    [Theory]
    [InlineData(ScheduleKind.Constant)]
    [InlineData(ScheduleKind.Step)]
    [InlineData(ScheduleKind.Cosine)]
    [InlineData(ScheduleKind.OneCycle)]
    [InlineData(ScheduleKind.ReduceOnPlateau)]
    public void At_OneStepInAll_IsAFiniteRate(ScheduleKind kind) =>
        Assert.InRange(Rates(Plan(epochs: 1, new() { Name = kind }), steps: 1).Single(), 1e-6, 0.5);

    private static void AssertRates(double[] expected, double[] rates) =>
        Assert.All(expected.Zip(rates), pair => Assert.Equal(pair.First, pair.Second, 1e-9));

    private static double[] Rates(TrainingPlan plan, int steps, params double[] losses) =>
    [
        .. Enumerable.Range(0, plan.Epochs * steps).Select(at => LearningRates.At(
            plan,
            [.. Enumerable.Range(0, at / steps)
                .Select(epoch => new EpochMetrics(epoch + 1, 0.1, 0.5, losses.ElementAtOrDefault(epoch), 0.5, 0, 1, 1))],
            at % steps,
            steps)),
    ];

    private static TrainingPlan Plan(int epochs, ScheduleSpec schedule) => new()
    {
        RunId = "run",
        DatasetFolder = "/d",
        Dataset = "d",
        DatasetDigest = "digest",
        Classes = ["x", "y"],
        Architecture = "custom",
        Network = new(new(8, 8, 3), []),
        Preprocessing = Preprocessing.Create(NormalizationKind.Rescale, 3, [], []),
        Epochs = epochs,
        Optimizer = new() { LearningRate = 0.5 },
        Schedule = schedule,
    };
}
