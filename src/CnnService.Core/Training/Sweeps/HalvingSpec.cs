namespace CnnService.Core.Training.Sweeps;

/// <summary>
/// Ends bad trials early by asynchronous successive halving (Li et al., "A System for Massively Parallel Hyperparameter Tuning",
/// 2020), in the form that stops trials rather than pausing them.
/// </summary>
public sealed record HalvingSpec
{
    /// <summary>At each rung the best 1/factor go on, 2 to 8; default 3.</summary>
    public int Factor { get; init; } = 3;

    /// <summary>Epochs of the first rung, from 1; each further rung has factor times as many.</summary>
    public required int FirstEpochs { get; init; }

    /// <summary>Epochs of the rungs of a trial; its last epoch is none, since there is nothing left to save.</summary>
    /// <param name="epochs">That the trial may train.</param>
    public IReadOnlyList<int> Rungs(int epochs)
    {
        List<int> rungs = [];
        for (long rung = FirstEpochs; rung > 0 && rung < epochs; rung *= Factor)
        {
            rungs.Add((int)rung);
        }

        return rungs;
    }
}
