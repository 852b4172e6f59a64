using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Web.Api;
using CnnService.Web.Persistence;

namespace CnnService.Web.Features.Runs;

/// <summary>
/// Streams a run's events as server-sent events. They are read from the database, so that any process may be training the run.
/// </summary>
internal static class RunEventStream
{
    private const int Batch = 256;

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    public static async Task<IResult> WriteAsync(HttpContext http, RunStore runs, EventStreamSlots slots, TimeProvider clock, string id)
    {
        if (await runs.FindAsync(id) is null)
        {
            return RunStore.NotFound(id).ToResult();
        }

        if (!await slots.WaitAsync(TimeSpan.Zero, http.RequestAborted))
        {
            return new Problem(ProblemKind.Unavailable, "run.too-many-streams",
                "Too many event streams are open; GET /runs/{id} tells the same.")
            { RetryAfter = TimeSpan.FromSeconds(10) }.ToResult();
        }

        http.Response.OnCompleted(() =>
        {
            slots.Release();
            return Task.CompletedTask;
        });
        _ = int.TryParse(http.Request.Headers["Last-Event-ID"], NumberStyles.None, CultureInfo.InvariantCulture, out var after);
        return TypedResults.ServerSentEvents(EventsAsync(runs, clock, id, after, http.RequestAborted));
    }

    private static async IAsyncEnumerable<SseItem<string>> EventsAsync(
        RunStore runs, TimeProvider clock, string id, int after, [EnumeratorCancellation] CancellationToken cancel)
    {
        var shown = default(RunProgress);
        var spoke = clock.GetTimestamp();
        while (await runs.FindAsync(id, cancel) is { } row)
        {
            var events = await runs.EventsAsync(id, after, Batch, cancel);
            foreach (var item in events)
            {
                after = item.Sequence;
                yield return new SseItem<string>(item.Data, item.Kind) { EventId = item.Sequence.ToString(CultureInfo.InvariantCulture) };
            }

            var progress = RunProgress.From(row);
            if (row.Work.State == WorkState.Running && progress != shown)
            {
                shown = progress;
                yield return new SseItem<string>(JsonSerializer.Serialize(progress, CoreJson.Options), "step");
            }
            else if (events.Count == 0 && row.Work.State.IsFinal())
            {
                yield break;
            }
            else if (clock.GetElapsedTime(spoke) > Heartbeat)
            {
                spoke = clock.GetTimestamp();
                yield return new SseItem<string>("{}", "heartbeat");
            }

            await Task.Delay(events.Count == 0 ? PollInterval : TimeSpan.Zero, clock, cancel);
        }
    }
}
