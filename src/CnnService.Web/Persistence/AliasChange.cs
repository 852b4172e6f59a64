using System.Globalization;
using Microsoft.EntityFrameworkCore;

namespace CnnService.Web.Persistence;

/// <summary>
/// Changes of a model's aliases. A change and its entry in the history are written in one transaction, which first locks the model's row:
/// concurrent changes are serialized, and the history lists them in the order in which they happened.
/// </summary>
internal static class AliasChange
{
    /// <summary>Former versions kept per alias; a roll back can go no further.</summary>
    public const int MaxBefore = 50;

    /// <summary>Inserts the model's row if it is missing.</summary>
    public static Task EnsureModelAsync(StoreContext context, string model, CancellationToken cancel = default) =>
        context.Database.ExecuteSqlAsync($"insert into models (name, highest_version) values ({model}, 0) on conflict do nothing", cancel);

    /// <summary>Locks the model's row until the transaction ends. Returns 0 if such a model never existed.</summary>
    public static Task<int> LockModelAsync(StoreContext context, string model, CancellationToken cancel = default) =>
        context.Models.Where(row => row.Name == model)
        .ExecuteUpdateAsync(set => set.SetProperty(row => row.HighestVersion, row => row.HighestVersion), cancel);

    /// <summary>Adds an entry to the history under the next sequence number. The caller holds the lock on the model and saves.</summary>
    public static async Task AppendHistoryAsync(StoreContext context, AliasMoveRow move, CancellationToken cancel = default)
    {
        var local = context.AliasMoves.Local.Where(known => known.Model == move.Model).Max(known => (int?)known.Sequence);
        var last = local
            ?? await context.AliasMoves.Where(known => known.Model == move.Model).MaxAsync(known => (int?)known.Sequence, cancel);
        move.Sequence = (last ?? 0) + 1;
        context.AliasMoves.Add(move);
        context.ChangedModels.Add(move.Model);
    }

    /// <summary>
    /// Points an alias at an existing version; adds no entry if it already names that version. The caller holds the lock on the model
    /// and saves.
    /// </summary>
    public static async Task PointAsync(StoreContext context, AliasMoveRow move, CancellationToken cancel = default)
    {
        var alias = await context.Aliases.FirstOrDefaultAsync(row => row.Model == move.Model && row.Alias == move.Alias, cancel);
        if (alias is null)
        {
            context.Aliases.Add(alias = new AliasRow { Model = move.Model, Alias = move.Alias });
        }
        else if (alias.Version == move.To)
        {
            return;
        }
        else
        {
            move.From = alias.Version;
            alias.Before = Join([.. Before(alias), alias.Version]);
        }

        alias.Version = move.To!.Value;
        await AppendHistoryAsync(context, move, cancel);
    }

    /// <summary>The versions that the alias named before, oldest first.</summary>
    public static int[] Before(AliasRow alias) =>
        [.. alias.Before.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(part => int.Parse(part, CultureInfo.InvariantCulture))];

    public static string Join(IEnumerable<int> versions) =>
        string.Join(' ', versions.TakeLast(MaxBefore).Select(version => version.ToString(CultureInfo.InvariantCulture)));
}
