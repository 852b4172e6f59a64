namespace CnnService.Core.Training.Sweeps;

/// <summary>Stops poor trials early by asynchronous successive halving (Li et al., 2020), which here never pauses one.</summary>
public sealed record HalvingSpec
{
    /// <summary>The best 1/factor of the trials pass each rung, 2 to 8; default 3.</summary>
    public int Factor { get; init; } = 3;

    /// <summary>Epochs of the first rung, from 1; each further rung has factor times as many.</summary>
    public required int FirstEpochs { get; init; }

    /// <summary>Epochs at which a trial is compared. Its last epoch is not a rung, since stopping there saves nothing.</summary>
    /// <param name="epochs">Number of epochs of the trial.</param>
    public IReadOnlyList<int> Rungs(int epochs)
    {
        List<int> rungs = [];
        for (long rung = FirstEpochs; rung > 0 && rung < epochs; rung *= Factor)
        {
            rungs.Add((int)rung);
        }

        return rungs;
    }

    /// <summary>
    /// The rung at which a trial is to be judged now: the last that it has reached, so that rungs missed on the way are skipped.
    /// </summary>
    /// <param name="epochs">Number of epochs of the trial.</param>
    /// <param name="completed">Epochs it has completed.</param>
    /// <param name="judged">Number of rungs, from the first, that are behind it.</param>
    /// <returns>Null if no further rung is reached.</returns>
    public HalvingRung? DueRung(int epochs, int completed, int judged)
    {
        var rungs = Rungs(epochs);
        var reached = rungs.Count(rung => rung <= completed);
        return reached > judged ? new(reached - 1, rungs[reached - 1]) : null;
    }
}
