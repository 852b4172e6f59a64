using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Core.Training.Snapshots;

/// <summary>
/// Saves the weights of epochs to the run's folder within a budget; once it is reached, snapshots are thinned out evenly. A run never fails
/// because of a snapshot: without enough disk space it is skipped, and the run logs that once.
/// </summary>
/// <param name="next">Receives all events.</param>
/// <param name="run">The run's folder; exists.</param>
/// <param name="budget">Maximum size of all snapshots together, bytes.</param>
/// <param name="free">Free bytes on the disk.</param>
internal sealed class SnapshotRecorder(ITrainingObserver next, string run, long budget, Func<long> free) : ITrainingObserver
{
    /// <summary>Maximum number of snapshots, however small; a film shows at most half as many.</summary>
    public const int MaxSnapshots = 128;

    private const int MinSnapshots = 2;

    /// <summary>Size in bytes by epoch, of the snapshots on disk.</summary>
    private readonly SortedDictionary<int, long> _bytesByEpoch = [];
    private bool _hasLogged;

    public bool EndsEarly => next.EndsEarly;

    public void Started(string device, Precision precision, int resumedEpoch)
    {
        SnapshotFolder.RemoveUnfinished(run);
        _bytesByEpoch.Clear();
        foreach (var snapshot in SnapshotFolder.Read(run))
        {
            _bytesByEpoch[snapshot.Epoch] = snapshot.Weights.Bytes;
        }

        foreach (var undone in _bytesByEpoch.Keys.Where(epoch => epoch > resumedEpoch).ToList())
        {
            Delete(undone); // The epoch will be trained again.
        }

        next.Started(device, precision, resumedEpoch);
    }

    public void Step(StepProgress progress) => next.Step(progress);

    public void Weights(int epoch, Func<NamedWeights> copy)
    {
        ArgumentNullException.ThrowIfNull(copy);
        Save(epoch, copy());
        next.Weights(epoch, copy);
    }

    public void Epoch(EpochMetrics metrics) => next.Epoch(metrics);

    public void Checkpoint(int epoch, int step) => next.Checkpoint(epoch, step);

    public void Part(PartProgress progress) => next.Part(progress);

    public void Log(string message) => next.Log(message);

    private void Save(int epoch, NamedWeights weights)
    {
        var bytes = SafetensorsHeader.Write(weights, null).Length
            + weights.All.Sum(tensor => (long)tensor.Value.Data.Length * sizeof(float));
        if (MinSnapshots * bytes > budget)
        {
            LogOnce($"A film of this run needs room for {MinSnapshots} snapshots of "
                + $"{bytes >> 20} MB, and may take {budget >> 20} MB: none is kept.");
        }
        else if (free() < bytes + DiskSpace.Reserve)
        {
            LogOnce($"The weights of epoch {epoch} are not kept for the film: {DiskSpace.Reserve >> 20} MB of the disk stay free.");
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
            _bytesByEpoch[epoch] = bytes;
        }
        catch (IOException failure) when (failure.IsDiskFull())
        {
            LogOnce($"The weights of epoch {epoch} are not kept for the film: the disk is full.");
        }
    }

    /// <summary>Deletes snapshots until there is room for one more.</summary>
    private void MakeRoom(int epoch, long bytes)
    {
        while ((_bytesByEpoch.Count >= MaxSnapshots || _bytesByEpoch.Values.Sum() + bytes > budget)
            && SnapshotThinning.FindRedundant([.. _bytesByEpoch.Keys, epoch]) is { } superfluous)
        {
            Delete(superfluous);
        }
    }

    private void Delete(int epoch)
    {
        SnapshotFolder.Delete(run, epoch);
        _bytesByEpoch.Remove(epoch);
    }

    private void LogOnce(string sentence)
    {
        if (!_hasLogged)
        {
            _hasLogged = true;
            next.Log(sentence);
        }
    }
}
