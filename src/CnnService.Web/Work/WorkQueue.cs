using System.Collections.Concurrent;
using CnnService.Web.Persistence;
using Hangfire;

namespace CnnService.Web.Work;

/// <summary>
/// Rings the bell for work: a job carries an id, the row says what is to be done. Ringing too often is harmless, a bell that
/// cannot be rung is rung by <see cref="Recovery"/> later. Thread safe.
/// </summary>
internal sealed partial class WorkQueue(IBackgroundJobClient client, ILogger<WorkQueue> logger)
{
    public const string Training = "training";

    public const string Background = "background";

    /// <summary>Of data sets: one at a time, and nothing else waits for it.</summary>
    public const string Classification = "classification";

    private readonly ConcurrentDictionary<string, int> _remindedRuns = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _remindedComparisons = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _remindedClassifications = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _remindedImports = new(StringComparer.Ordinal);

    /// <inheritdoc cref="Train"/>
    public bool Compare(string comparison) => Ring(() => client.Enqueue<QueuedWork>(Background, work => work.CompareAsync(comparison, CancellationToken.None)));

    /// <inheritdoc cref="RemindRuns"/>
    public void RemindComparisons(IReadOnlyCollection<WaitingWork> waiting) => Remind(_remindedComparisons, waiting, Compare);

    /// <inheritdoc cref="TrainingOver"/>
    public void ComparisonOver(string comparison) => _remindedComparisons.TryRemove(comparison, out _);

    /// <inheritdoc cref="Train"/>
    public bool Classify(string job) => Ring(() => client.Enqueue<QueuedWork>(Classification, work => work.ClassifyAsync(job, CancellationToken.None)));

    /// <inheritdoc cref="RemindRuns"/>
    public void RemindClassifications(IReadOnlyCollection<WaitingWork> waiting) => Remind(_remindedClassifications, waiting, Classify);

    /// <inheritdoc cref="TrainingOver"/>
    public void ClassificationOver(string job) => _remindedClassifications.TryRemove(job, out _);

    /// <summary>False where the bell cannot be rung at present.</summary>
    public bool Train(string runId) => Ring(() => client.Enqueue<QueuedWork>(Training, work => work.TrainAsync(runId, CancellationToken.None)));

    /// <inheritdoc cref="Train"/>
    public bool Import(string dataset) => Ring(() => client.Enqueue<QueuedWork>(Background, work => work.ImportAsync(dataset, CancellationToken.None)));

    /// <summary>Rings for runs that wait, once for each time one waits.</summary>
    public void RemindRuns(IReadOnlyCollection<WaitingWork> waiting) => Remind(_remindedRuns, waiting, Train);

    /// <inheritdoc cref="RemindRuns"/>
    public void RemindImports(IReadOnlyCollection<WaitingWork> waiting) => Remind(_remindedImports, waiting, Import);

    /// <summary>A job for the run is over, whatever came of it: should the run still wait, it is to be rung for again.</summary>
    public void TrainingOver(string runId) => _remindedRuns.TryRemove(runId, out _);

    /// <inheritdoc cref="TrainingOver"/>
    public void ImportOver(string dataset) => _remindedImports.TryRemove(dataset, out _);

    private static void Remind(ConcurrentDictionary<string, int> reminded, IReadOnlyCollection<WaitingWork> waiting, Func<string, bool> ring)
    {
        var ids = waiting.Select(work => work.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var done in reminded.Keys.Where(id => !ids.Contains(id)))
        {
            reminded.TryRemove(done, out _);
        }

        // A higher attempt means that another worker took it meanwhile and lost it.
        foreach (var work in waiting.Where(work => !reminded.TryGetValue(work.Id, out var attempt) || attempt != work.Attempt))
        {
            reminded[work.Id] = work.Attempt;
            if (!ring(work.Id))
            {
                reminded.TryRemove(work.Id, out _);
            }
        }
    }

    private bool Ring(Action enqueue)
    {
        try
        {
            enqueue();
            return true;
        }
        catch (BackgroundJobClientException failure)
        {
            LogNotRung(failure); // The row is written: the work is not lost, only begun later.
            return false;
        }
    }

    [LoggerMessage(LogLevel.Warning, "The job storage does not answer; waiting work is looked for again in 30 s")]
    private partial void LogNotRung(Exception failure);
}
