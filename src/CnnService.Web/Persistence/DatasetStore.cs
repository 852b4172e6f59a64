using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Training;
using Microsoft.EntityFrameworkCore;

namespace CnnService.Web.Persistence;

/// <summary>The rows of data sets.</summary>
internal sealed class DatasetStore(Store store, TimeProvider clock)
{
    /// <summary>Takes a name for a data set to be imported.</summary>
    public Task<Outcome<DatasetRow>> CreateAsync(DatasetImport import) => store.UseAsync<Outcome<DatasetRow>>(async context =>
    {
        if (await context.Datasets.AsNoTracking().FirstOrDefaultAsync(known => known.Name == import.Name) is { } known)
        {
            return Exists(known.Name, known.Status == DatasetStatus.Failed);
        }

        var row = new DatasetRow { Name = import.Name, Import = JsonSerializer.Serialize(import, CoreJson.Options), CreatedAt = clock.GetUtcNow() };
        context.Datasets.Add(row);
        try
        {
            await context.SaveChangesAsync();
            return row;
        }
        catch (DbUpdateException duplicate) when (Store.IsDuplicate(duplicate))
        {
            return Exists(import.Name, hasFailed: false);
        }
    });

    public Task<DatasetRow?> FindAsync(string name) =>
        store.UseAsync(context => context.Datasets.AsNoTracking().FirstOrDefaultAsync(row => row.Name == name));

    /// <summary>Rows by name, after a name.</summary>
    public Task<List<DatasetRow>> ListAsync(int limit, string? after) => store.UseAsync(context => context.Datasets.AsNoTracking()
        .Where(row => after == null || row.Name.CompareTo(after) > 0).OrderBy(row => row.Name).Take(limit).ToListAsync());

    /// <summary>Imports that nobody works on.</summary>
    public Task<List<WaitingWork>> ClaimableAsync() => store.UseAsync(async context =>
        await Claimable(context, await StoreClock.NowAsync(context, clock))
            .OrderBy(row => row.Name).Select(row => new WaitingWork(row.Name, row.Attempt)).ToListAsync());

    /// <summary>Files that imports which are not over still need.</summary>
    public async Task<HashSet<string>> SourcesAsync()
    {
        var imports = await store.UseAsync(context =>
            context.Datasets.Where(row => row.Status == DatasetStatus.Importing).Select(row => row.Import).ToListAsync());
        return [.. imports.Select(json => JsonSerializer.Deserialize<DatasetImport>(json, CoreJson.Options)!.Source)];
    }

    /// <summary>Ends all leases: for a start that has proved, by the lock on the data directory, that no owner is alive.</summary>
    public Task ReleaseAllAsync() => store.UseAsync(context => context.Datasets.Where(row => row.Status == DatasetStatus.Importing)
        .ExecuteUpdateAsync(set => set.SetProperty(row => row.LeaseUntil, DateTimeOffset.UnixEpoch)));

    /// <summary>Takes an import to carry out, by one conditional update; null where another was faster or nothing is to be imported.</summary>
    public Task<ImportClaim?> ClaimAsync(string name, string owner, TimeSpan lease) => store.UseAsync(async context =>
    {
        var now = await StoreClock.NowAsync(context, clock);
        var claimed = await Claimable(context, now).Where(row => row.Name == name).ExecuteUpdateAsync(set => set
            .SetProperty(row => row.Owner, owner)
            .SetProperty(row => row.Attempt, row => row.Attempt + 1)
            .SetProperty(row => row.Tries, row => row.Tries + 1)
            .SetProperty(row => row.LeaseUntil, now + lease));
        var row = claimed == 0 ? null
            : await context.Datasets.AsNoTracking().FirstOrDefaultAsync(mine => mine.Name == name && mine.Owner == owner);
        return row is null ? null : new ImportClaim(store, clock, row, lease);
    });

    /// <summary>Whether pictures may be added. Problem codes: <c>dataset.not-found</c>, <c>dataset.not-ready</c>, <c>dataset.in-use</c>.</summary>
    public Task<Outcome<Unit>> WritableAsync(string name) => store.UseAsync<Outcome<Unit>>(async context =>
    {
        var row = await context.Datasets.AsNoTracking().FirstOrDefaultAsync(dataset => dataset.Name == name);
        return row is null ? Problem.NotFound("dataset.not-found", $"There is no data set '{name}'.")
            : row.Status != DatasetStatus.Ready ? Problem.Conflict("dataset.not-ready", $"The data set '{name}' is not ready.")
            : await ReaderAsync(context, name) is { } reader ? reader
            : default(Unit);
    });

    /// <summary>Takes the row away unless a run that is not over reads the data set.</summary>
    public Task<Outcome<Unit>> DeleteAsync(string name) => store.UseAsync<Outcome<Unit>>(async context =>
    {
        if (await ReaderAsync(context, name) is { } reader)
        {
            return reader;
        }

        var row = await context.Datasets.FirstOrDefaultAsync(dataset => dataset.Name == name);
        if (row is null)
        {
            return Problem.NotFound("dataset.not-found", $"There is no data set '{name}'.");
        }

        if (row.Status == DatasetStatus.Importing)
        {
            return Problem.Conflict("dataset.importing", $"The data set '{name}' is being imported.");
        }

        context.Datasets.Remove(row);
        await context.SaveChangesAsync();
        return default(Unit);
    });

    private static IQueryable<DatasetRow> Claimable(StoreContext context, DateTimeOffset now) =>
        context.Datasets.Where(row => row.Status == DatasetStatus.Importing && row.LeaseUntil < now);

    private static Problem Exists(string name, bool hasFailed) => Problem.Conflict(
        "dataset.exists",
        hasFailed ? $"There is a data set '{name}' whose import failed: DELETE /datasets/{name} first." : $"There is a data set '{name}' already.");

    /// <summary>The work that reads the data set; null where there is none.</summary>
    private static async Task<Problem?> ReaderAsync(StoreContext context, string name)
    {
        var run = await context.Runs.Where(row => row.Dataset == name && (row.State == RunState.Queued || row.State == RunState.Running))
            .Select(row => row.Id).FirstOrDefaultAsync();
        if (run is not null)
        {
            return Problem.Conflict("dataset.in-use", $"The run '{run}' reads the data set '{name}'.");
        }

        var sweep = await context.Sweeps.Where(sweep => sweep.Dataset == name && sweep.State == SweepState.Running)
            .Select(sweep => sweep.Id).FirstOrDefaultAsync();
        if (sweep is not null)
        {
            return Problem.Conflict("dataset.in-use", $"The sweep '{sweep}' reads the data set '{name}'.");
        }

        var classification = await context.ClassifyJobs.Where(job => job.Dataset == name && (job.State == ClassifyJobState.Queued || job.State == ClassifyJobState.Running))
            .Select(job => job.Id).FirstOrDefaultAsync();
        if (classification is not null)
        {
            return Problem.Conflict("dataset.in-use", $"The classification '{classification}' reads the data set '{name}'.");
        }

        return null;
    }
}
