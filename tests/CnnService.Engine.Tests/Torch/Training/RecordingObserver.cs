using CnnService.Core.Models;
using CnnService.Core.Training;

namespace CnnService.Engine.Tests.Torch.Training;

/// <summary>Remembers all it hears and may interrupt after a number of steps.</summary>
internal sealed class RecordingObserver : ITrainingObserver, IDisposable
{
    private readonly CancellationTokenSource _cancel = new();

    internal CancellationToken Token => _cancel.Token;

    /// <summary>Steps after which the training is cancelled.</summary>
    internal int CancelAfter { get; init; } = int.MaxValue;

    /// <summary>Steps after which the training is asked to end early.</summary>
    internal int EndAfter { get; init; } = int.MaxValue;

    public bool EndsEarly => Steps.Count >= EndAfter;

    /// <summary>Stands for a crash right after a checkpoint.</summary>
    internal Func<int, Exception?> FailAtCheckpoint { get; init; } = _ => null;

    /// <summary>Stands for a crash while the weights of an epoch are told of.</summary>
    internal Func<int, Exception?> FailAtWeights { get; init; } = _ => null;

    /// <summary>Called at each step.</summary>
    internal Action OnStep { get; init; } = () => { };

    internal List<StepProgress> Steps { get; } = [];

    internal List<EpochMetrics> Epochs { get; } = [];

    internal List<(int Epoch, int Step)> Checkpoints { get; } = [];

    internal List<string> Messages { get; } = [];

    /// <summary>The weights told of, by their hash.</summary>
    internal List<(int Epoch, string Hash)> Moments { get; } = [];

    internal (string Device, Precision Precision, int Epoch)? Start { get; private set; }

    public void Started(string device, Precision precision, int resumedEpoch) => Start = (device, precision, resumedEpoch);

    public void Step(StepProgress progress)
    {
        Steps.Add(progress);
        OnStep();
        if (Steps.Count == CancelAfter)
        {
            _cancel.Cancel();
        }
    }

    public void Epoch(EpochMetrics metrics) => Epochs.Add(metrics);

    public void Weights(int epoch, Func<NamedWeights> copy)
    {
        Moments.Add((epoch, TrainingBench.HashOf(copy())));
        if (FailAtWeights(epoch) is { } failure)
        {
            throw failure;
        }
    }

    public void Checkpoint(int epoch, int step)
    {
        Checkpoints.Add((epoch, step));
        if (FailAtCheckpoint(Checkpoints.Count) is { } failure)
        {
            throw failure;
        }
    }

    public void Log(string message) => Messages.Add(message);

    public void Dispose() => _cancel.Dispose();
}
