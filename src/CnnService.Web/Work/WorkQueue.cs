using System.Collections.Concurrent;
using CnnService.Web.Persistence;
using Hangfire;

namespace CnnService.Web.Work;

/// <summary>
/// Enqueues Hangfire jobs. A job carries only an id; the row tells what is to be done. A superfluous job is harmless, and one that cannot
/// be enqueued is enqueued later by <see cref="LeaseRecovery"/>. Thread safe.
/// </summary>
internal sealed partial class WorkQueue(IBackgroundJobClient client, ILogger<WorkQueue> logger)
{
    public const string Training = "training";

    public const string Background = "background";

    /// <summary>For classifying data sets: one at a time, without delaying other work.</summary>
    public const string Classification = "classification";

    /// <summary>The fencing numbers that waiting work had when it was enqueued.</summary>
    private readonly ConcurrentDictionary<(Type Kind, string Id), int> _enqueued = [];

    /// <summary>Raised when a job has ended, with its id and whether its work was claimed.</summary>
    public event Action<string, bool>? Ended;

    /// <summary>False if the job storage is unavailable.</summary>
    public bool Enqueue<TKind>(string id)
        where TKind : IWorkKind
    {
        try
        {
            client.Enqueue<QueuedWork<TKind>>(TKind.Queue, work => work.RunAsync(id, CancellationToken.None));
            return true;
        }
        catch (BackgroundJobClientException failure)
        {
            LogNotEnqueued(failure); // The row exists: the work is not lost, it only starts later.
            return false;
        }
    }

    /// <summary>Enqueues one job for each item of waiting work, unless that was done since it began to wait.</summary>
    public void EnqueueWaiting<TKind>(IReadOnlyCollection<WaitingWork> waiting)
        where TKind : IWorkKind
    {
        var ids = waiting.Select(work => work.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var done in _enqueued.Keys.Where(known => known.Kind == typeof(TKind) && !ids.Contains(known.Id)))
        {
            _enqueued.TryRemove(done, out _);
        }

        // A higher fencing number means that another worker has claimed and lost it meanwhile.
        foreach (var work in waiting.Where(work => !_enqueued.TryGetValue((typeof(TKind), work.Id), out var fence) || fence != work.Fence))
        {
            _enqueued[(typeof(TKind), work.Id)] = work.Fence;
            if (!Enqueue<TKind>(work.Id))
            {
                JobEnded<TKind>(work.Id);
            }
        }
    }

    /// <summary>To be called when a job has ended, whatever its result: if the work still waits, it is enqueued again.</summary>
    public void JobEnded<TKind>(string id, bool isClaimed = false)
        where TKind : IWorkKind
    {
        _enqueued.TryRemove((typeof(TKind), id), out _);
        Ended?.Invoke(id, isClaimed);
    }
}
