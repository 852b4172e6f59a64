using CnnService.Core.Common;
using CnnService.Core.Datasets;

namespace CnnService.Core.Training.Runs;

/// <summary>Whether a run can be expected to keep its time budget.</summary>
public static class TimeBudgetCheck
{
    /// <summary>The problem <c>training.time-budget</c>, which says the least that can be kept; null where it can, or is none.</summary>
    /// <param name="training">The plan with its network.</param>
    /// <param name="dataset">The data set.</param>
    /// <param name="speed">Of this machine.</param>
    public static Problem? Check(PlannedTraining training, DatasetManifest dataset, MachineSpeed speed)
    {
        ArgumentNullException.ThrowIfNull(training);
        if (training.Plan.Budget is not { } budget)
        {
            return null;
        }

        var least = TimeSpan.FromSeconds(Math.Ceiling(RunEstimate.Create(training, dataset, speed).Shortest));
        return least <= budget.Total ? null : Problem.Unprocessable("training.time-budget",
            $"A time budget of {budget.Total:c} is too short: on this machine the run takes about {least:c}"
            + (training.Plan.Epochs > 1 ? ", one epoch of training among it." : ".")) with
        {
            Data = new Dictionary<string, object?> { ["smallest"] = least.ToString("c") },
        };
    }
}
