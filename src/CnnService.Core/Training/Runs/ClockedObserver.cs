using CnnService.Core.Models;

namespace CnnService.Core.Training.Runs;

/// <summary>Passes on what it hears, and tells the run's clock of it.</summary>
/// <param name="next">Hears everything too.</param>
/// <param name="clock">The run's clock.</param>
internal sealed class ClockedObserver(ITrainingObserver next, RunClock clock) : ITrainingObserver
{
    public bool EndsEarly => next.EndsEarly || clock.SecondsLeft <= 0;

    public void Started(string device, Precision precision, int resumedEpoch) => next.Started(device, precision, resumedEpoch);

    public void Advance(RunPart part, int done, int total) => clock.Advance(part, (double)done / total, done);

    public void Begin(RunPart part) => clock.Begin(part);

    public void Step(StepProgress progress)
    {
        next.Step(progress);
        clock.Advance(progress.Epoch - 1 + ((double)progress.Step / Math.Max(1, progress.Steps)));
    }

    public void Epoch(EpochMetrics metrics) => next.Epoch(metrics);

    public void Weights(int epoch, Func<NamedWeights> copy) => next.Weights(epoch, copy);

    public void Checkpoint(int epoch, int step) => next.Checkpoint(epoch, step);

    public void Part(PartProgress progress) => next.Part(progress);

    public void Log(string message) => next.Log(message);
}
