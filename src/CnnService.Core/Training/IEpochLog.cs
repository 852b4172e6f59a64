namespace CnnService.Core.Training;

/// <summary>Writes the figures of epochs in a form that other programs read.</summary>
public interface IEpochLog
{
    /// <summary>Begins anew: whatever the folder holds is replaced by these epochs, so that a resumed run has none twice.</summary>
    /// <param name="folder">Made if it does not exist.</param>
    /// <param name="history">Epochs done before.</param>
    /// <returns>Adds an epoch; on disk when it returns. Not thread safe.</returns>
    Action<EpochMetrics> Begin(string folder, IReadOnlyList<EpochMetrics> history);
}
