using CnnService.Core.Training;
using CnnService.Web.Api;
using CnnService.Web.Persistence;

namespace CnnService.Web.Tests.Api;

public class RunResourceTests
{
    private static readonly RunRow Run = new() { Id = "run", Request = "{}", Plan = "{}", Dataset = "pets", Model = "pets", Epochs = 4 };

    [Fact]
    public void Of_EpochsNotAllValidated_BestIsTheEpochWhoseWeightsAreKept()
    {
        EpochRow[] history = [Epoch(1, 0.9, null), Epoch(2, 0.6, 0.8), Epoch(3, 0.1, null), Epoch(4, 0.09, 0.85)];

        var metrics = RunResource.From(Run, history).Metrics!;

        Assert.Equal(2, metrics.Best.Epoch);
        Assert.Equal(metrics.Best.Epoch, history[EpochSelection.BestIndex([.. history.Select(epoch => epoch.Metrics())])].Epoch);
        Assert.Equal(4, metrics.Last.Epoch);
    }

    [Fact]
    public void Of_NoEpochValidated_BestHasTheSmallestTrainingLoss() =>
        Assert.Equal(2, RunResource.From(Run, [Epoch(1, 0.9, null), Epoch(2, 0.6, null), Epoch(3, 0.7, null)]).Metrics!.Best.Epoch);

    private static EpochRow Epoch(int number, double loss, double? validationLoss) =>
        new() { RunId = Run.Id, Epoch = number, Loss = loss, ValidationLoss = validationLoss };
}
