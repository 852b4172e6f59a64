using CnnService.Core.Common;
using Microsoft.EntityFrameworkCore;

namespace CnnService.Web.Persistence;

/// <summary>Stores model versions; <see cref="AliasStore"/> moves their aliases.</summary>
internal sealed class ModelStore(Store store, TimeProvider clock)
{
    public const string Latest = "latest";

    public Task<ModelVersionRow?> OfRunAsync(string runId, CancellationToken cancel = default) =>
        store.UseAsync(context => context.ModelVersions.AsNoTracking().FirstOrDefaultAsync(row => row.RunId == runId, cancel));

    /// <summary>
    /// Publishes files as a version of their model within the caller's transaction. Publications of a model are serialized, so that no
    /// number is given twice. Publishing the same run or import again returns its existing version.
    /// </summary>
    /// <param name="context">A context with an open transaction.</param>
    /// <param name="model">Name of the model.</param>
    /// <param name="runId">Id of the run or import that produced the files; null: none.</param>
    /// <param name="by">Who publishes it, for the history of <c>latest</c>.</param>
    /// <param name="files">Key of the files in the store of artifacts; null: they are in the data directory.</param>
    /// <param name="place">Moves the files to the first free number from the given one on, and returns it. May be called again.</param>
    /// <param name="cancel">Cancels and rolls back.</param>
    public async Task<int> PublishAsync(
        StoreContext context, string model, string? runId, string by, string? files, Func<int, int> place, CancellationToken cancel)
    {
        await AliasChange.EnsureModelAsync(context, model, cancel);
        await AliasChange.LockModelAsync(context, model, cancel);
        if (runId is not null
            && await context.ModelVersions.AsNoTracking().FirstOrDefaultAsync(row => row.RunId == runId, cancel) is { } known)
        {
            return known.Version;
        }

        var version = place(1 + await context.Models.Where(row => row.Name == model).Select(row => row.HighestVersion).SingleAsync(cancel));
        await context.Models.Where(row => row.Name == model).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.HighestVersion, row => row.HighestVersion < version ? version : row.HighestVersion), cancel);
        await AddAsync(
            context, new() { Model = model, Version = version, RunId = runId, CreatedAt = clock.GetUtcNow(), Files = files }, by, cancel);
        return version;
    }

    /// <summary>Publishes in a transaction of its own, for files that were not produced under a lease.</summary>
    public Task<int> PublishAsync(
        string model, string? runId, string by, string? files, Func<int, int> place, CancellationToken cancel) =>
        store.UseAsync(async context =>
        {
            var version = 0;
            await RunChange.ApplyAsync(
                context,
                async () =>
                {
                    await AliasChange.EnsureModelAsync(context, model, cancel);
                    return await AliasChange.LockModelAsync(context, model, cancel);
                },
                async () => version = await PublishAsync(context, model, runId, by, files, place, cancel),
                cancel);
            return version;
        });

    /// <summary>Names of models in order, those after a name if one is given.</summary>
    public Task<List<string>> NamesAsync(int limit, string? after, CancellationToken cancel = default) =>
        store.UseAsync(context => context.ModelVersions
        .Where(row => after == null || row.Model.CompareTo(after) > 0)
        .Select(row => row.Model).Distinct().OrderBy(name => name).Take(limit).ToListAsync(cancel));

    /// <summary>The versions of a model, oldest first.</summary>
    public Task<List<ModelVersionRow>> VersionsAsync(string model, CancellationToken cancel = default) =>
        store.UseAsync(context => context.ModelVersions.AsNoTracking()
        .Where(row => row.Model == model).OrderBy(row => row.Version).ToListAsync(cancel));

    public Task<List<AliasRow>> AliasesAsync(string model, CancellationToken cancel = default) =>
        store.UseAsync(context => context.Aliases.AsNoTracking()
        .Where(row => row.Model == model).OrderBy(row => row.Alias).ToListAsync(cancel));

    /// <summary>Deletes a version, or all, and the aliases that name them. Returns the deleted versions.</summary>
    /// <param name="model">Name of the model.</param>
    /// <param name="version">The version; null: all.</param>
    /// <param name="by">Who requested it, for the alias history.</param>
    public Task<List<int>> DeleteAsync(string model, int? version, string by, CancellationToken cancel = default) =>
        store.UseAsync(async context =>
    {
        List<int> gone = [];
        await RunChange.ApplyAsync(
            context,
            () => AliasChange.LockModelAsync(context, model, cancel),
            async () => gone = await DeleteAsync(context, model, version, by, cancel), cancel);
        return gone;
    });

    /// <summary>Replaces the key of a version's files; false, without any change, where it is another by now.</summary>
    public static async Task<bool> ReplaceFilesAsync(
        StoreContext context, string model, int version, string before, string files, CancellationToken cancel)
    {
        context.ChangedModels.Add(model);
        return await context.ModelVersions.Where(row => row.Model == model && row.Version == version && row.Files == before)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.Files, files), cancel) > 0;
    }

    public static Problem NotFound(string model) => Problem.NotFound("model.not-found", $"There is no model '{model}'.");

    private static async Task AddAsync(StoreContext context, ModelVersionRow version, string by, CancellationToken cancel)
    {
        var latest = await LatestAsync(context, version.Model, cancel);
        context.ModelVersions.Add(version);
        if (!(latest >= version.Version))
        {
            await AliasChange.AppendHistoryAsync(context,
                Move(version.Model, Latest, latest, version.Version, AliasMoveReason.Published, by, version.CreatedAt), cancel);
        }

        await context.SaveChangesAsync(cancel);
    }

    private async Task<List<int>> DeleteAsync(StoreContext context, string model, int? version, string by, CancellationToken cancel)
    {
        var rows = await context.ModelVersions.Where(row => row.Model == model && (version == null || row.Version == version))
            .ToListAsync(cancel);
        var gone = rows.ConvertAll(row => row.Version);
        var before = await LatestAsync(context, model, cancel);
        context.ModelVersions.RemoveRange(rows);
        context.ChangedModels.Add(model);
        await context.SaveChangesAsync(cancel);
        await context.Quantizations.Where(row => row.Model == model && gone.Contains(row.Version)).ExecuteDeleteAsync(cancel);
        await context.Calibrations.Where(row => row.Model == model && gone.Contains(row.Version)).ExecuteDeleteAsync(cancel);
        foreach (var alias in await context.Aliases.Where(row => row.Model == model && gone.Contains(row.Version)).OrderBy(row => row.Alias)
            .ToListAsync(cancel))
        {
            context.Aliases.Remove(alias);
            await TellAsync(alias.Alias, alias.Version, null);
        }

        var after = await LatestAsync(context, model, cancel);
        if (after != before)
        {
            await TellAsync(Latest, before, after);
        }

        await context.SaveChangesAsync(cancel);
        return gone;

        Task TellAsync(string alias, int? from, int? to) =>
            AliasChange.AppendHistoryAsync(
                context, Move(model, alias, from, to, AliasMoveReason.VersionDeleted, by, clock.GetUtcNow()), cancel);
    }

    private static Task<int?> LatestAsync(StoreContext context, string model, CancellationToken cancel) =>
        context.ModelVersions.Where(row => row.Model == model).MaxAsync(row => (int?)row.Version, cancel);

    private static AliasMoveRow Move(
        string model, string alias, int? from, int? to, AliasMoveReason reason, string by, DateTimeOffset at) =>
        new() { Model = model, Alias = alias, From = from, To = to, Reason = reason, By = by, At = at };
}
