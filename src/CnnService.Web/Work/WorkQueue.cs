using System.Collections.Concurrent;
using CnnService.Web.Persistence;
using Hangfire;

namespace CnnService.Web.Work;

/// <summary>
/// Enqueues jobs: each carries an id, the row says what is to be done. One job too many is harmless, one that cannot be enqueued is
/// enqueued by <see cref="LeaseRecovery"/> later. Thread safe.
/// </summary>
internal sealed partial class WorkQueue(IBackgroundJobClient client, ILogger<WorkQueue> logger)
{
    public const string Training = "training";

    public const string Background = "background";

    /// <summary>Of data sets: one at a time, and nothing else waits for it.</summary>
    public const string Classification = "classification";

    /// <summary>The fencing numbers at which waiting work was enqueued.</summary>
    private readonly ConcurrentDictionary<(Type Kind, string Id), int> _reminded = [];

    /// <summary>False where the job storage does not answer at present.</summary>
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
            LogNotEnqueued(failure); // The row is written: the work is not lost, only begun later.
            return false;
        }
    }

    /// <summary>Enqueues jobs for work that waits, once for each time it waits.</summary>
    public void Remind<TKind>(IReadOnlyCollection<WaitingWork> waiting)
        where TKind : IWorkKind
    {
        var ids = waiting.Select(work => work.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var done in _reminded.Keys.Where(known => known.Kind == typeof(TKind) && !ids.Contains(known.Id)))
        {
            _reminded.TryRemove(done, out _);
        }

        // A higher fencing number means that another worker took it meanwhile and lost it.
        foreach (var work in waiting.Where(work => !_reminded.TryGetValue((typeof(TKind), work.Id), out var fence) || fence != work.Fence))
        {
            _reminded[(typeof(TKind), work.Id)] = work.Fence;
            if (!Enqueue<TKind>(work.Id))
            {
                Over<TKind>(work.Id);
            }
        }
    }

    /// <summary>A job for the work is over, whatever came of it: should the work still wait, it is to be enqueued again.</summary>
    public void Over<TKind>(string id)
        where TKind : IWorkKind => _reminded.TryRemove((typeof(TKind), id), out _);

    [LoggerMessage(LogLevel.Warning, "The job storage does not answer; waiting work is looked for again soon")]
    private partial void LogNotEnqueued(Exception failure);
}
