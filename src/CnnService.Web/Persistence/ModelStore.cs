using Microsoft.EntityFrameworkCore;

namespace CnnService.Web.Persistence;

/// <summary>The rows of model versions; <see cref="AliasStore"/> moves their aliases.</summary>
internal sealed class ModelStore(Store store, TimeProvider clock)
{
    public const string Latest = "latest";

    public Task<ModelVersionRow?> OfRunAsync(string runId) =>
        store.UseAsync(context => context.ModelVersions.AsNoTracking().FirstOrDefaultAsync(row => row.RunId == runId));

    /// <summary>The highest version number given so far, to deleted versions too; 0 where there is none.</summary>
    public Task<int> HighestAsync(string model) => store.UseAsync(async context =>
        await context.Models.Where(row => row.Name == model).Select(row => (int?)row.HighestVersion).FirstOrDefaultAsync() ?? 0);

    /// <summary>Adds a version whose files lie in place; false where the number, or the run's version, is taken.</summary>
    /// <param name="model">Its model.</param>
    /// <param name="version">Its number.</param>
    /// <param name="runId">The run or import it came from.</param>
    /// <param name="by">Who moves <c>latest</c> with it; null: the run.</param>
    public Task<bool> AddAsync(string model, int version, string? runId, string? by = null) => store.UseAsync(async context =>
    {
        await AliasChange.EnsureModelAsync(context, model);
        try
        {
            return await RunChange.ApplyAsync(
                context,
                () => context.Models.Where(row => row.Name == model).ExecuteUpdateAsync(set => set
                    .SetProperty(row => row.HighestVersion, row => row.HighestVersion < version ? version : row.HighestVersion)),
                () => AddAsync(context, new() { Model = model, Version = version, RunId = runId, CreatedAt = clock.GetUtcNow() }, by ?? $"run {runId}"));
        }
        catch (DbUpdateException duplicate) when (Store.IsDuplicate(duplicate))
        {
            return false;
        }
    });

    /// <summary>Names of models by name, after a name.</summary>
    public Task<List<string>> NamesAsync(int limit, string? after) => store.UseAsync(context => context.ModelVersions
        .Where(row => after == null || row.Model.CompareTo(after) > 0)
        .Select(row => row.Model).Distinct().OrderBy(name => name).Take(limit).ToListAsync());

    /// <summary>The versions of a model, oldest first.</summary>
    public Task<List<ModelVersionRow>> VersionsAsync(string model) => store.UseAsync(context => context.ModelVersions.AsNoTracking()
        .Where(row => row.Model == model).OrderBy(row => row.Version).ToListAsync());

    public Task<List<AliasRow>> AliasesAsync(string model) => store.UseAsync(context => context.Aliases.AsNoTracking()
        .Where(row => row.Model == model).OrderBy(row => row.Alias).ToListAsync());

    /// <summary>Takes versions away (all where none is named) and the aliases that name them; answers which went.</summary>
    /// <param name="model">Its model.</param>
    /// <param name="version">Null: all.</param>
    /// <param name="by">Who asked for it.</param>
    public Task<List<int>> DeleteAsync(string model, int? version, string by) => store.UseAsync(async context =>
    {
        List<int> gone = [];
        await RunChange.ApplyAsync(
            context,
            () => AliasChange.HoldAsync(context, model),
            async () => gone = await DeleteAsync(context, model, version, by));
        return gone;
    });

    private static async Task AddAsync(StoreContext context, ModelVersionRow version, string by)
    {
        var latest = await LatestAsync(context, version.Model);
        context.ModelVersions.Add(version);
        if (!(latest >= version.Version))
        {
            await AliasChange.TellAsync(context, Move(version.Model, Latest, latest, version.Version, AliasMoveReason.Published, by, version.CreatedAt));
        }

        await context.SaveChangesAsync();
    }

    private async Task<List<int>> DeleteAsync(StoreContext context, string model, int? version, string by)
    {
        var rows = await context.ModelVersions.Where(row => row.Model == model && (version == null || row.Version == version)).ToListAsync();
        var gone = rows.ConvertAll(row => row.Version);
        var before = await LatestAsync(context, model);
        context.ModelVersions.RemoveRange(rows);
        context.ChangedModels.Add(model);
        await context.SaveChangesAsync();
        foreach (var alias in await context.Aliases.Where(row => row.Model == model && gone.Contains(row.Version)).OrderBy(row => row.Alias).ToListAsync())
        {
            context.Aliases.Remove(alias);
            await TellAsync(alias.Alias, alias.Version, null);
        }

        var after = await LatestAsync(context, model);
        if (after != before)
        {
            await TellAsync(Latest, before, after);
        }

        await context.SaveChangesAsync();
        return gone;

        Task TellAsync(string alias, int? from, int? to) =>
            AliasChange.TellAsync(context, Move(model, alias, from, to, AliasMoveReason.VersionDeleted, by, clock.GetUtcNow()));
    }

    private static Task<int?> LatestAsync(StoreContext context, string model) =>
        context.ModelVersions.Where(row => row.Model == model).MaxAsync(row => (int?)row.Version);

    private static AliasMoveRow Move(string model, string alias, int? from, int? to, AliasMoveReason reason, string by, DateTimeOffset at) =>
        new() { Model = model, Alias = alias, From = from, To = to, Reason = reason, By = by, At = at };
}
