using CnnService.Core.Models;

namespace CnnService.Core.Training.Fitting;

/// <summary>
/// Passes on the training of a network whose classifier was fitted: the fit was the first epoch, so that each has the next number. Keeps
/// the mean of the weights of the later half of the epochs, and tells what the first one took.
/// </summary>
/// <param name="next">Hears everything but the start, which the fit has told.</param>
/// <param name="before">Epochs of former attempts at the run, the fit among them.</param>
/// <param name="epochs">Epochs of the training.</param>
/// <param name="time">The clock.</param>
internal sealed class FineTuningObserver(
    ITrainingObserver next, IReadOnlyList<EpochMetrics> before, int epochs, TimeProvider time) : ITrainingObserver
{
    private const int Fit = 1;

    private long? _stepped;

    /// <summary>Of the epochs of this attempt in the later half.</summary>
    public WeightMean Mean { get; } = new();

    /// <summary>Called once the first epoch is complete, of this attempt or a former one.</summary>
    public Action Completed { get; init; } = () => { };

    /// <summary>
    /// Called after the first epoch of the training, where a former attempt has not done it, with its seconds, validation included.
    /// </summary>
    public Action<double> FirstTook { get; init; } = _ => { };

    public bool EndsEarly => next.EndsEarly;

    public void Started(string device, Precision precision, int resumedEpoch)
    {
        foreach (var epoch in before.Where(epoch => epoch.Epoch > Fit && epoch.Epoch <= Fit + resumedEpoch))
        {
            next.Epoch(epoch);
        }

        if (resumedEpoch > 0)
        {
            Completed();
        }
    }

    public void Step(StepProgress progress)
    {
        _stepped = time.GetTimestamp();
        next.Step(progress with { Epoch = Fit + progress.Epoch });
    }

    public void Epoch(EpochMetrics metrics)
    {
        var validated = _stepped is { } stepped ? time.GetElapsedTime(stepped).TotalSeconds : 0;
        next.Epoch(metrics with { Epoch = Fit + metrics.Epoch });
        Completed();
        if (metrics.Epoch == 1)
        {
            FirstTook(metrics.Seconds + validated);
        }
    }

    public void Weights(int epoch, Func<NamedWeights> copy)
    {
        if (epoch > epochs / 2)
        {
            Mean.Add(copy());
        }
    }

    public void Checkpoint(int epoch, int step) => next.Checkpoint(Fit + epoch, step);

    public void Begin(RunPart part) => next.Begin(part);

    public void Advance(RunPart part, int done, int total)
    {
        // The features of the frozen beginning belong to the epochs they are computed for.
    }

    public void Log(string message) => next.Log(message);
}
