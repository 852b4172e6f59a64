using CnnService.Core.Models;

namespace CnnService.Core.Training.Runs;

/// <summary>Passes a gate before it passes on what it hears, and so before anything is written of it and before the next step.</summary>
/// <param name="next">Hears everything too.</param>
/// <param name="gate">Holds the training thread while it is closed.</param>
/// <param name="cancel">Of the training.</param>
internal sealed class GatedObserver(ITrainingObserver next, ITrainingGate gate, CancellationToken cancel) : ITrainingObserver
{
    public bool EndsEarly => next.EndsEarly;

    public void Started(string device, Precision precision, int resumedEpoch)
    {
        gate.Pass(cancel);
        next.Started(device, precision, resumedEpoch);
    }

    public void Step(StepProgress progress)
    {
        gate.Pass(cancel);
        next.Step(progress);
    }

    public void Epoch(EpochMetrics metrics)
    {
        gate.Pass(cancel);
        next.Epoch(metrics);
    }

    public void Weights(int epoch, Func<NamedWeights> copy)
    {
        gate.Pass(cancel);
        next.Weights(epoch, copy);
    }

    /// <summary>It is written already, and must be told even when the training is being cancelled.</summary>
    public void Checkpoint(int epoch, int step) => next.Checkpoint(epoch, step);

    public void Part(PartProgress progress) => next.Part(progress);

    public void Log(string message) => next.Log(message);
}
