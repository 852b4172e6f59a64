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
    /// <summary>However small they are: a film shows no more than half as many.</summary>
    public const int Most = 128;

    private const int Least = 2;

    /// <summary>Bytes by epoch, as they are on the disk.</summary>
    private readonly SortedDictionary<int, long> _kept = [];
    private bool _hasSpoken;

    public void Started(string device, Precision precision, int resumedEpoch)
    {
        SnapshotFolder.RemoveUnfinished(run);
        _kept.Clear();
        foreach (var snapshot in SnapshotFolder.Read(run))
        {
            _kept[snapshot.Epoch] = snapshot.Weights.Bytes;
        }

        foreach (var undone in _kept.Keys.Where(epoch => epoch > resumedEpoch).ToList())
        {
            Delete(undone); // An epoch that is trained again.
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
            Delete(epoch);
            MakeRoom(epoch, bytes);
            SnapshotFolder.Write(run, epoch, weights);
            _kept[epoch] = bytes;
        }
        catch (IOException failure) when (failure.IsDiskFull())
        {
            SayOnce($"The weights of epoch {epoch} are not kept for the film: the disk is full.");
        }
    }

    /// <summary>Thins out what there is until one more has its place.</summary>
    private void MakeRoom(int epoch, long bytes)
    {
        while ((_kept.Count >= Most || _kept.Values.Sum() + bytes > budget) && SnapshotThinning.Superfluous([.. _kept.Keys, epoch]) is { } superfluous)
        {
            Delete(superfluous);
        }
    }

    private void Delete(int epoch)
    {
        SnapshotFolder.Delete(run, epoch);
        _kept.Remove(epoch);
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
