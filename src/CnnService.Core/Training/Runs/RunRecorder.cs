using CnnService.Core.Models;

namespace CnnService.Core.Training.Runs;

/// <summary>
/// Records epoch metrics in the run's folder over all attempts, and forwards all events. An epoch is recorded before the checkpoint that
/// ends it; epochs that a resumed run repeats are dropped when it starts.
/// </summary>
/// <param name="next">Receives all events.</param>
/// <param name="log">Receives the epochs as well.</param>
/// <param name="folder">The run's folder; exists.</param>
internal sealed class RunRecorder(ITrainingObserver next, IEpochLog log, string folder) : ITrainingObserver
{
    private readonly List<EpochMetrics> _history = [];
    private Action<EpochMetrics> _add = _ => { };

    public bool HasStarted { get; private set; }

    /// <summary>The finished epochs, including those of earlier attempts.</summary>
    public IReadOnlyList<EpochMetrics> History => _history;

    public bool EndsEarly => next.EndsEarly;

    public void Started(string device, Precision precision, int resumedEpoch)
    {
        HasStarted = true;
        _history.Clear();
        _history.AddRange(RunHistory.Read(folder).Where(epoch => epoch.Epoch <= resumedEpoch));
        _add = log.Begin(Path.Combine(folder, RunFolder.TensorBoardFolder), _history);
        next.Started(device, precision, resumedEpoch);
    }

    public void Step(StepProgress progress) => next.Step(progress);

    public void Epoch(EpochMetrics metrics)
    {
        _history.Add(metrics);
        RunHistory.Write(folder, _history);
        _add(metrics);
        next.Epoch(metrics);
    }

    public void Weights(int epoch, Func<NamedWeights> copy) => next.Weights(epoch, copy);

    public void Checkpoint(int epoch, int step) => next.Checkpoint(epoch, step);

    public void Part(PartProgress progress) => next.Part(progress);

    public void Log(string message) => next.Log(message);
}
