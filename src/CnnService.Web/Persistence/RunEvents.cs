using System.Text.Json;
using CnnService.Core.Common;
using Microsoft.EntityFrameworkCore;

namespace CnnService.Web.Persistence;

/// <summary>The numbered events of a run.</summary>
internal static class RunEvents
{
    public const string StateKind = "state";

    public const string EpochKind = "epoch";

    public const string PartKind = "part";

    public const string LogKind = "log";

    public static string Json(WorkState state) => JsonSerializer.Serialize(new { state }, CoreJson.Options);

    public static RunEventRow State(string id, int sequence, WorkState state) =>
        new() { RunId = id, Sequence = sequence, Kind = StateKind, Data = Json(state) };

    public static Task AppendStateAsync(StoreContext context, string id, WorkState state, CancellationToken cancel) =>
        AppendAsync(context, id, StateKind, Json(state), cancel);

    /// <summary>Adds an event under the next number. To be called only within <see cref="RunChange"/>, which locks the run's row.</summary>
    public static async Task AppendAsync(StoreContext context, string id, string kind, string json, CancellationToken cancel)
    {
        var last = await LastSequenceAsync(context, id, cancel);
        context.RunEvents.Add(new RunEventRow { RunId = id, Sequence = last + 1, Kind = kind, Data = json });
        await context.SaveChangesAsync(cancel);
    }

    /// <summary>The number of a run's last event; 0 before the first.</summary>
    public static async Task<int> LastSequenceAsync(StoreContext context, string id, CancellationToken cancel) =>
        await context.RunEvents.Where(row => row.RunId == id).MaxAsync(row => (int?)row.Sequence, cancel) ?? 0;
}
