using CnnService.Core.Common;
using Microsoft.EntityFrameworkCore;

namespace CnnService.Web.Persistence;

/// <summary>Stores the aliases of models and the history of their changes.</summary>
internal sealed class AliasStore(Store store, TimeProvider clock)
{
    /// <summary>Points an alias at a version. Problems: <c>model.not-found</c>, <c>model.version-not-found</c>.</summary>
    /// <param name="model">Name of the model.</param>
    /// <param name="alias">Name of the alias, new or existing.</param>
    /// <param name="version">An existing version.</param>
    /// <param name="by">Who requested it, for the history.</param>
    public Task<Outcome<AliasRow>> SetAsync(string model, string alias, int version, string by, CancellationToken cancel = default) =>
        ChangeAsync(model, async context =>
    {
        if (!await IsThereAsync(context, model, version, cancel))
        {
            return VersionNotFound(model, version);
        }

        await AliasChange.PointAsync(context, Move(model, alias, null, version, AliasMoveReason.Set, by), cancel);
        await context.SaveChangesAsync(cancel);
        return await FindAsync(context, model, alias, cancel);
    }, cancel);

    /// <summary>
    /// The version that a roll back would restore. Problems: <c>model.alias-not-found</c>, <c>model.no-version-before</c>.
    /// </summary>
    public Task<Outcome<int>> BeforeAsync(string model, string alias, CancellationToken cancel = default) =>
        store.UseAsync(context => TargetAsync(context, model, alias, cancel));

    /// <summary>
    /// Points an alias at the version it named before its last change; repeated, at the one before that. Problems: those of
    /// <see cref="BeforeAsync"/>, <c>model.not-found</c>, and <c>model.alias-moved</c> if the version to restore has changed meanwhile.
    /// </summary>
    /// <param name="model">Name of the model.</param>
    /// <param name="alias">Name of the alias.</param>
    /// <param name="target">The result of <see cref="BeforeAsync"/>, which the caller has verified to be loadable.</param>
    /// <param name="by">Who requested it, for the history.</param>
    public Task<Outcome<AliasRow>> RollBackAsync(string model, string alias, int target, string by, CancellationToken cancel = default) =>
        ChangeAsync(model, async context =>
    {
        var found = await TargetAsync(context, model, alias, cancel);
        return await found
            .Check(before => before == target ? null : Problem.Conflict("model.alias-moved",
                $"The alias '{alias}' of model '{model}' was moved by another request at the same time: read it, then try again."))
            .MapAsync(async before =>
            {
                var row = await context.Aliases.SingleAsync(known => known.Model == model && known.Alias == alias, cancel);
                await AliasChange.AppendHistoryAsync(
                    context, Move(model, alias, row.Version, before, AliasMoveReason.RolledBack, by), cancel);
                row.Before = AliasChange.Join(AliasChange.Before(row).SkipLast(1));
                row.Version = before;
                await context.SaveChangesAsync(cancel);
                return row;
            });
    }, cancel);

    /// <summary>Removes an alias. Problems: <c>model.not-found</c>, <c>model.alias-not-found</c>.</summary>
    public Task<Outcome<AliasRow>> RemoveAsync(string model, string alias, string by, CancellationToken cancel = default) =>
        ChangeAsync(model, async context =>
    {
        var found = await FindAsync(context, model, alias, cancel);
        if (found.Succeeded)
        {
            context.Aliases.Remove(found.Value);
            await AliasChange.AppendHistoryAsync(
                context, Move(model, alias, found.Value.Version, null, AliasMoveReason.Removed, by), cancel);
            await context.SaveChangesAsync(cancel);
        }

        return found;
    }, cancel);

    /// <summary>The newest changes, or those older than <paramref name="after"/>. The history outlives the versions of its model.</summary>
    /// <param name="model">Name of the model.</param>
    /// <param name="alias">Name of the alias; null: all aliases.</param>
    /// <param name="limit">Maximum number of changes.</param>
    /// <param name="after">A sequence number; null: start with the newest.</param>
    public Task<List<AliasMoveRow>> HistoryAsync(string model, string? alias, int limit, int? after, CancellationToken cancel = default) =>
        store.UseAsync(context => context.AliasMoves.AsNoTracking()
        .Where(row => row.Model == model && (alias == null || row.Alias == alias) && (after == null || row.Sequence < after))
        .OrderByDescending(row => row.Sequence).Take(limit).ToListAsync(cancel));

    /// <summary>Whether such a model exists or has existed.</summary>
    public Task<bool> IsKnownAsync(string model, CancellationToken cancel = default) =>
        store.UseAsync(context => context.Models.AnyAsync(row => row.Name == model, cancel));

    private static Task<bool> IsThereAsync(StoreContext context, string model, int version, CancellationToken cancel) =>
        context.ModelVersions.AnyAsync(row => row.Model == model && row.Version == version, cancel);

    private static async Task<Outcome<AliasRow>> FindAsync(StoreContext context, string model, string alias, CancellationToken cancel) =>
        await context.Aliases.FirstOrDefaultAsync(row => row.Model == model && row.Alias == alias, cancel) is { } row
            ? row
            : Problem.NotFound("model.alias-not-found", $"The model '{model}' has no alias '{alias}'.");

    private static Task<Outcome<int>> TargetAsync(StoreContext context, string model, string alias, CancellationToken cancel) =>
        FindAsync(context, model, alias, cancel).BindAsync(row => TargetAsync(context, row, cancel));

    private static async Task<Outcome<int>> TargetAsync(StoreContext context, AliasRow row, CancellationToken cancel)
    {
        var (model, alias) = (row.Model, row.Alias);
        int[] before = AliasChange.Before(row);
        return before.Length == 0
                ? NoneBefore(
                    $"The alias '{alias}' of model '{model}' has no earlier version to roll back to: version {row.Version}, which it "
                    + $"names, is its first. GET /models/{model}/aliases/history lists what it has named; PUT points it at any version.")
            : await IsThereAsync(context, model, before[^1], cancel)
                ? before[^1]
                : NoneBefore(
                    $"The alias '{alias}' of model '{model}' named version {before[^1]} before, which is deleted: PUT points it at "
                    + "another.");
    }

    private static Problem NoneBefore(string detail) => Problem.Conflict("model.no-version-before", detail);

    public static Problem VersionNotFound(string model, int version) =>
        Problem.NotFound("model.version-not-found", $"The model '{model}' has no version {version}.");

    private AliasMoveRow Move(string model, string alias, int? from, int? to, AliasMoveReason reason, string by) =>
        new() { Model = model, Alias = alias, From = from, To = to, Reason = reason, By = by, At = clock.GetUtcNow() };

    private Task<Outcome<AliasRow>> ChangeAsync(
        string model, Func<StoreContext, Task<Outcome<AliasRow>>> change, CancellationToken cancel) => store.UseAsync(async context =>
    {
        Outcome<AliasRow>? outcome = null;
        await RunChange.ApplyAsync(
            context,
            () => AliasChange.LockModelAsync(context, model, cancel),
            async () => outcome = await change(context), cancel);
        return outcome ?? ModelStore.NotFound(model);
    });
}
