using CnnService.Core.Common;

namespace CnnService.Core.Datasets.Revisions;

/// <summary>Lets one process at a time, and one change at a time, write to a data set's folder; dispose to let the next one.</summary>
public sealed class DatasetLock : IDisposable
{
    private const string LockFile = "changes.lock";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly FileStream _held;

    private DatasetLock(FileStream held) => _held = held;

    /// <summary>Waits until nobody changes the data set. Problem codes: <c>dataset.not-found</c>, <c>dataset.busy</c>.</summary>
    /// <param name="folder">The data set's folder.</param>
    /// <param name="clock">Measures how long it waits.</param>
    /// <param name="cancel">Ends the wait.</param>
    public static async Task<Outcome<DatasetLock>> TakeAsync(string folder, TimeProvider clock, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(clock);
        var begun = clock.GetTimestamp();
        while (true)
        {
            try
            {
                return new DatasetLock(
                    new FileStream(Path.Combine(folder, LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (DirectoryNotFoundException)
            {
                return Problem.NotFound("dataset.not-found", "There is no such data set, or it has been deleted.");
            }
            catch (IOException failure) when (!failure.IsDiskFull() && !failure.IsDeviceFault())
            {
                if (clock.GetElapsedTime(begun) > Patience)
                {
                    return Problem.Conflict(
                        "dataset.busy", "A data set is changed by one request at a time; others are changing it now: try again.");
                }
            }

            await Task.Delay(Pause, clock, cancel);
        }
    }

    public void Dispose() => _held.Dispose();
}
