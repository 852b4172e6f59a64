namespace CnnService.Core.Training;

/// <summary>
/// The learning rate of a step. A pure function of plan, position and history, so that a resumed run continues with the rate it would
/// have had.
/// </summary>
public static class LearningRates
{
    private const double OneCycleRise = 0.3;
    private const double OneCycleStart = 1 / 25.0;
    private const double OneCycleEnd = OneCycleStart / 1e4;

    /// <param name="plan">Rate, schedule and epochs.</param>
    /// <param name="history">The finished epochs; their number is the index of the current epoch, from 0.</param>
    /// <param name="step">Index of the step in this epoch, from 0.</param>
    /// <param name="steps">Steps per epoch.</param>
    public static double At(TrainingPlan plan, IReadOnlyList<EpochMetrics> history, int step, int steps)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(history);
        var schedule = plan.Schedule;
        var at = ((double)history.Count * steps) + step;
        var warmup = Math.Min(schedule.WarmupEpochs, plan.Epochs) * steps;
        return plan.Optimizer.LearningRate * (at < warmup ? (at + 1) / (warmup + 1) : schedule.Name switch
        {
            ScheduleKind.Step => Math.Pow(schedule.Factor, history.Count / schedule.StepEpochs),
            ScheduleKind.Cosine => Cosine(1, schedule.Minimum, (at - warmup) / ((plan.Epochs * (double)steps) - warmup)),
            ScheduleKind.OneCycle => OneCycle(at, ((double)plan.Epochs * steps) - 1),
            ScheduleKind.ReduceOnPlateau =>
                Math.Max(schedule.Minimum, Math.Pow(schedule.Factor, CountReductions(history, schedule.Patience))),
            _ => 1,
        });
    }

    /// <summary>PyTorch's OneCycleLR: the peak lies at the step 0.3·total − 1.</summary>
    private static double OneCycle(double at, double last)
    {
        var peak = (OneCycleRise * (last + 1)) - 1;
        return at <= peak
            ? Cosine(OneCycleStart, 1, peak <= 0 ? 1 : at / peak)
            : Cosine(1, OneCycleEnd, (at - peak) / (last - peak));
    }

    /// <summary>Cosine interpolation between two values.</summary>
    private static double Cosine(double from, double to, double way) => to + ((from - to) * (1 + Math.Cos(Math.PI * way)) / 2);

    /// <summary>
    /// Number of reductions so far: one each time the loss has had no new minimum for more than <paramref name="patience"/> consecutive
    /// epochs, after which the count restarts (PyTorch's ReduceLROnPlateau with threshold 0).
    /// </summary>
    private static int CountReductions(IReadOnlyList<EpochMetrics> history, int patience)
    {
        var (best, bad, cuts) = (double.PositiveInfinity, 0, 0);
        foreach (var epoch in history)
        {
            var loss = double.IsNaN(epoch.ValidationLoss) ? epoch.Loss : epoch.ValidationLoss;
            if (double.IsNaN(epoch.ValidationLoss) && history.Any(other => !double.IsNaN(other.ValidationLoss)))
            {
                continue; // Not validated, while other epochs are: no information.
            }

            (best, bad) = loss < best ? (loss, 0) : (best, bad + 1);
            if (bad > patience)
            {
                (bad, cuts) = (0, cuts + 1);
            }
        }

        return cuts;
    }
}
