using System.Collections.Concurrent;
using Hangfire;

namespace CnnService.Web.Jobs;

/// <summary>Rings the bell for work: a job carries an id, the row says what is to be done. What was rung for and not begun is not rung for again.</summary>
internal sealed class WorkQueue(IBackgroundJobClient client)
{
    public const string Training = "training";

    public const string Background = "background";

    private readonly ConcurrentDictionary<string, bool> _waiting = new(StringComparer.Ordinal);

    public void Train(string runId)
    {
        if (_waiting.TryAdd($"{Training}/{runId}", true))
        {
            client.Enqueue<QueuedWork>(Training, work => work.TrainAsync(runId, CancellationToken.None));
        }
    }

    public void Import(string dataset)
    {
        if (_waiting.TryAdd($"{Background}/{dataset}", true))
        {
            client.Enqueue<QueuedWork>(Background, work => work.ImportAsync(dataset, CancellationToken.None));
        }
    }

    /// <summary>The work was begun, here or elsewhere: it may be rung for again.</summary>
    public void Begun(string queue, string id) => _waiting.TryRemove($"{queue}/{id}", out _);
}
