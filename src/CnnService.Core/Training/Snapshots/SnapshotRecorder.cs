using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Core.Training.Snapshots;

/// <summary>
/// Keeps the weights of the epochs in the run's folder within a budget, thinned out evenly once it is reached. A run never fails for
/// a snapshot: where the disk has no room to spare there is none, and the run says so once.
/// </summary>
/// <param name="next">Hears everything too.</param>
/// <param name="run">The run's folder; exists.</param>
/// <param name="budget">Bytes of all snapshots together.</param>
/// <param name="free">Bytes free on the disk.</param>
internal sealed class SnapshotRecorder(ITrainingObserver next, string run, long budget, Func<long> free) : ITrainingObserver
{
    private const int Least = 2;

    private bool _hasSpoken;

    public void Started(string device, Precision precision, int resumedEpoch)
    {
        SnapshotFolder.RemoveUnfinished(run);
        foreach (var undone in SnapshotFolder.Read(run).Where(snapshot => snapshot.Epoch > resumedEpoch))
        {
            SnapshotFolder.Delete(run, undone.Epoch); // Of an epoch that is trained again.
        }

        next.Started(device, precision, resumedEpoch);
    }

    public void Step(StepProgress progress) => next.Step(progress);

    public void Weights(int epoch, Func<NamedWeights> copy)
    {
        ArgumentNullException.ThrowIfNull(copy);
        Keep(epoch, copy());
        next.Weights(epoch, copy);
    }

    public void Epoch(EpochMetrics metrics) => next.Epoch(metrics);

    public void Checkpoint(int epoch, int step) => next.Checkpoint(epoch, step);

    public void Log(string message) => next.Log(message);

    private void Keep(int epoch, NamedWeights weights)
    {
        var bytes = SafetensorsHeader.Write(weights, null).Length + weights.All.Sum(tensor => (long)tensor.Value.Data.Length * sizeof(float));
        if (Least * bytes > budget)
        {
            SayOnce($"A film of this run needs room for {Least} snapshots of {bytes >> 20} MB, and may take {budget >> 20} MB: none is kept.");
        }
        else if (free() < bytes + DiskSpace.Reserve)
        {
            SayOnce($"The weights of epoch {epoch} are not kept for the film: {DiskSpace.Reserve >> 20} MB of the disk stay free.");
        }
        else
        {
            Write(epoch, weights, bytes);
        }
    }

    private void Write(int epoch, NamedWeights weights, long bytes)
    {
        try
        {
            MakeRoom(epoch, bytes);
            SnapshotFolder.Write(run, epoch, weights);
        }
        catch (IOException failure) when (failure.IsDiskFull())
        {
            SayOnce($"The weights of epoch {epoch} are not kept for the film: the disk is full.");
        }
    }

    private void MakeRoom(int epoch, long bytes)
    {
        var kept = SnapshotFolder.Read(run).Where(snapshot => snapshot.Epoch < epoch).ToDictionary(snapshot => snapshot.Epoch, snapshot => snapshot.Weights.Bytes);
        kept[epoch] = bytes;
        while (kept.Values.Sum() > budget && SnapshotThinning.Superfluous([.. kept.Keys.Order()]) is { } superfluous)
        {
            SnapshotFolder.Delete(run, superfluous);
            kept.Remove(superfluous);
        }
    }

    private void SayOnce(string sentence)
    {
        if (!_hasSpoken)
        {
            _hasSpoken = true;
            next.Log(sentence);
        }
    }
}
