using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Web.Api;
using CnnService.Web.Hosting;
using CnnService.Web.Persistence;

namespace CnnService.Web.Features.Runs;

/// <summary>
/// Streams a run's events as server-sent events. They are read from the database, so that any process may be training the run.
/// </summary>
internal static class RunEventStream
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    public static async Task<IResult> WriteAsync(
        HttpContext http, RunStore runs, RunFollower follower, EventStreamSlots slots, Draining draining, TimeProvider clock, string id)
    {
        if (await runs.FindAsync(id, http.RequestAborted) is null)
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
        var snapshots = UntilAsync(over => follower.FollowAsync(id, over), draining.Over, http.RequestAborted);
        return TypedResults.ServerSentEvents(EventsAsync(runs, snapshots, clock, id, after, http.RequestAborted));
    }

    private static async IAsyncEnumerable<SseItem<string>> EventsAsync(
        RunStore runs, IAsyncEnumerable<RunSnapshot> snapshots, TimeProvider clock, string id, int after,
        [EnumeratorCancellation] CancellationToken cancel)
    {
        var shown = default(RunProgress);
        var spoke = clock.GetTimestamp();
        await foreach (var snapshot in snapshots)
        {
            await foreach (var item in EventsAfterAsync(runs, snapshot, id, after, cancel))
            {
                after = item.Sequence;
                spoke = clock.GetTimestamp();
                yield return new SseItem<string>(item.Data, item.Kind) { EventId = item.Sequence.ToString(CultureInfo.InvariantCulture) };
            }

            if (snapshot.Row is { Work.State: WorkState.Running } row && RunProgress.From(row) is var progress && progress != shown)
            {
                shown = progress;
                spoke = clock.GetTimestamp();
                yield return new SseItem<string>(JsonSerializer.Serialize(progress, CoreJson.Options), "step");
            }
            else if (clock.GetElapsedTime(spoke) > Heartbeat)
            {
                spoke = clock.GetTimestamp();
                yield return new SseItem<string>("{}", "heartbeat");
            }
        }
    }

    /// <summary>
    /// Ends when the service stops, too: the client asks again with the last event's id, and another service, or the next, goes on.
    /// </summary>
    private static async IAsyncEnumerable<RunSnapshot> UntilAsync(
        Func<CancellationToken, IAsyncEnumerable<RunSnapshot>> follow, CancellationToken over,
        [EnumeratorCancellation] CancellationToken cancel)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over, cancel);
        var snapshots = follow(either.Token).GetAsyncEnumerator(CancellationToken.None);
        await using (snapshots)
        {
            while (await MovesAsync(snapshots, over, cancel))
            {
                yield return snapshots.Current;
            }
        }
    }

    private static async Task<bool> MovesAsync(IAsyncEnumerator<RunSnapshot> snapshots, CancellationToken over, CancellationToken cancel)
    {
        try
        {
            return await snapshots.MoveNextAsync();
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>
    /// The events after a number, at least up to the snapshot's last: from the snapshot if none are missing between, else from the
    /// database.
    /// </summary>
    private static async IAsyncEnumerable<RunEventRow> EventsAfterAsync(
        RunStore runs, RunSnapshot snapshot, string id, int after, [EnumeratorCancellation] CancellationToken cancel)
    {
        while (after < snapshot.LastSequence)
        {
            var events = snapshot.Events is [var first, ..] && first.Sequence <= after + 1
                ? snapshot.Events
                : await runs.EventsAsync(id, after, RunFollower.MaxEvents, cancel);
            foreach (var item in events.Where(item => item.Sequence > after))
            {
                yield return item;
            }

            after = events is [.., var last] ? last.Sequence : snapshot.LastSequence;
        }
    }
}
