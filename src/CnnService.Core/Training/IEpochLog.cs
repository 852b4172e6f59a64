namespace CnnService.Core.Training;

/// <summary>Writes epoch metrics in a format for other tools.</summary>
public interface IEpochLog
{
    /// <summary>Starts a log with these epochs, replacing the folder's content, so that a resumed run lists none of them twice.</summary>
    /// <param name="folder">Created if it does not exist.</param>
    /// <param name="history">Epochs of earlier attempts.</param>
    /// <returns>Appends an epoch durably. Not thread safe.</returns>
    Action<EpochMetrics> Begin(string folder, IReadOnlyList<EpochMetrics> history);
}
