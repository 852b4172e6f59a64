using Microsoft.EntityFrameworkCore;

namespace CnnService.Web.Persistence;

/// <summary>The rows of model versions and their aliases.</summary>
internal sealed class ModelStore(Store store, TimeProvider clock)
{
    public const string Latest = "latest";

    public Task<ModelVersionRow?> OfRunAsync(string runId) =>
        store.UseAsync(context => context.ModelVersions.AsNoTracking().FirstOrDefaultAsync(row => row.RunId == runId));

    /// <summary>The highest version number given so far; 0 where there is none.</summary>
    public Task<int> HighestAsync(string model) => store.UseAsync(async context =>
        await context.ModelVersions.Where(row => row.Model == model).MaxAsync(row => (int?)row.Version).ConfigureAwait(false) ?? 0);

    /// <summary>Adds a version whose files lie in place; false where the number, or the run's version, is taken.</summary>
    public Task<bool> AddAsync(string model, int version, string? runId) => store.UseAsync(async context =>
    {
        context.ModelVersions.Add(new ModelVersionRow { Model = model, Version = version, RunId = runId, CreatedAt = clock.GetUtcNow() });
        try
        {
            await context.SaveChangesAsync().ConfigureAwait(false);
            return true;
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

    /// <summary>Points an alias at a version; false where there is no such version.</summary>
    public Task<bool> SetAliasAsync(string model, string alias, int version) => store.UseAsync(async context =>
    {
        if (!await context.ModelVersions.AnyAsync(row => row.Model == model && row.Version == version).ConfigureAwait(false))
        {
            return false;
        }

        var row = await context.Aliases.FirstOrDefaultAsync(known => known.Model == model && known.Alias == alias).ConfigureAwait(false);
        if (row is null)
        {
            context.Aliases.Add(row = new AliasRow { Model = model, Alias = alias });
        }

        row.Version = version;
        await context.SaveChangesAsync().ConfigureAwait(false);
        return true;
    });

    public Task<bool> RemoveAliasAsync(string model, string alias) => store.UseAsync(async context =>
        await context.Aliases.Where(row => row.Model == model && row.Alias == alias).ExecuteDeleteAsync().ConfigureAwait(false) > 0);

    /// <summary>Takes versions away (all where none is named) and the aliases that name them; answers which went.</summary>
    public Task<List<int>> DeleteAsync(string model, int? version) => store.UseAsync(async context =>
    {
        var rows = await context.ModelVersions.Where(row => row.Model == model && (version == null || row.Version == version)).ToListAsync().ConfigureAwait(false);
        var gone = rows.Select(row => row.Version).ToList();
        context.ModelVersions.RemoveRange(rows);
        context.Aliases.RemoveRange(await context.Aliases.Where(row => row.Model == model && gone.Contains(row.Version)).ToListAsync().ConfigureAwait(false));
        await context.SaveChangesAsync().ConfigureAwait(false);
        return gone;
    });
}
