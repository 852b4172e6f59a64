using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace CnnService.Client;

/// <summary>Waiting for work that goes on in the background.</summary>
public partial class CnnServiceClient
{
    /// <summary>Waits until an import is over: ready, or failed with its reason.</summary>
    /// <param name="name">The data set.</param>
    /// <param name="progress">Receives its state as often as it is asked for.</param>
    /// <param name="cancellationToken">Ends the waiting, not the import.</param>
    /// <exception cref="CnnServiceException">There is no such data set, or the service cannot tell.</exception>
    public Task<DatasetResource> WaitForDatasetAsync(
        string name, IProgress<DatasetResource>? progress = null, CancellationToken cancellationToken = default) =>
        WaitAsync(cancel => GetDatasetAsync(name, cancel), dataset => dataset.Status != DatasetStatus.Importing, progress,
            cancellationToken);

    /// <summary>Waits until a run is over: succeeded, failed with its reason, or cancelled.</summary>
    /// <param name="id">The run.</param>
    /// <param name="progress">Receives its state as often as it is asked for.</param>
    /// <param name="cancellationToken">Ends the waiting, not the run.</param>
    /// <exception cref="CnnServiceException">There is no such run, or the service cannot tell.</exception>
    public Task<RunResource> WaitForRunAsync(
        string id, IProgress<RunResource>? progress = null, CancellationToken cancellationToken = default) =>
        WaitAsync(cancel => GetRunAsync(id, cancel), run => IsOver(run.State), progress, cancellationToken);

    /// <summary>Waits until a classification of a data set is over.</summary>
    /// <param name="id">The job.</param>
    /// <param name="progress">Receives its state as often as it is asked for.</param>
    /// <param name="cancellationToken">Ends the waiting, not the job.</param>
    /// <exception cref="CnnServiceException">There is no such job, or the service cannot tell.</exception>
    public Task<ClassifyJobResource> WaitForClassifyJobAsync(
        string id, IProgress<ClassifyJobResource>? progress = null, CancellationToken cancellationToken = default) =>
        WaitAsync(cancel => GetClassifyJobAsync(id, cancel), job => IsOver(job.State), progress, cancellationToken);

    /// <summary>A run's events as they happen; ends with the run.</summary>
    /// <param name="id">The run.</param>
    /// <param name="lastEventId">Goes on after this event; null: all events.</param>
    /// <param name="cancellationToken">Ends the reading, not the run.</param>
    /// <exception cref="CnnServiceException">There is no such run, or the service cannot tell.</exception>
    public async IAsyncEnumerable<RunEvent> ReadRunEventsAsync(
        string id, string? lastEventId = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var answer = await StreamRunEventsAsync(id, lastEventId, cancellationToken).ConfigureAwait(false);
        var events = SseParser.Create(answer.Stream, (_, data) => JsonSerializer.Deserialize<JsonElement>(data));
        await foreach (var one in events.EnumerateAsync(cancellationToken).ConfigureAwait(false))
        {
            yield return new(one.EventId, one.EventType, one.Data);
        }
    }

    private static bool IsOver(WorkState state) => state is WorkState.Succeeded or WorkState.Failed or WorkState.Cancelled;

    private async Task<T> WaitAsync<T>(
        Func<CancellationToken, Task<T>> ask, Func<T, bool> isOver, IProgress<T>? progress, CancellationToken cancel)
    {
        while (true)
        {
            var seen = await ask(cancel).ConfigureAwait(false);
            progress?.Report(seen);
            if (isOver(seen))
            {
                return seen;
            }

            await Task.Delay(PollInterval, Clock, cancel).ConfigureAwait(false);
        }
    }
}
