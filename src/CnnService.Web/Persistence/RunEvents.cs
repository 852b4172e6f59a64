using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Training;
using Microsoft.EntityFrameworkCore;

namespace CnnService.Web.Persistence;

/// <summary>The numbered events of a run.</summary>
internal static class RunEvents
{
    public const string StateKind = "state";

    public const string EpochKind = "epoch";

    public const string LogKind = "log";

    private const int Tries = 5;

    public static string Json(RunState state) => JsonSerializer.Serialize(new { state }, CoreJson.Options);

    public static RunEventRow State(string id, int sequence, RunState state) =>
        new() { RunId = id, Sequence = sequence, Kind = StateKind, Data = Json(state) };

    /// <summary>Adds an event under the next number; two writers at once each get their own.</summary>
    public static async Task AppendAsync(StoreContext context, string id, string kind, string json)
    {
        for (var attempt = 1; ; attempt++)
        {
            var last = await context.RunEvents.Where(row => row.RunId == id).MaxAsync(row => (int?)row.Sequence).ConfigureAwait(false) ?? 0;
            context.RunEvents.Add(new RunEventRow { RunId = id, Sequence = last + 1, Kind = kind, Data = json });
            try
            {
                await context.SaveChangesAsync().ConfigureAwait(false);
                return;
            }
            catch (DbUpdateException taken) when (Store.IsDuplicate(taken) && attempt < Tries)
            {
                context.ChangeTracker.Clear();
            }
        }
    }
}
