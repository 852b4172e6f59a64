using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using Microsoft.EntityFrameworkCore;

namespace CnnService.Web.Persistence;

/// <summary>Stores data sets.</summary>
internal sealed class DatasetStore(Store store, TimeProvider clock)
{
    /// <summary>Adds a data set to be imported. Problem: <c>dataset.exists</c>.</summary>
    public Task<Outcome<DatasetRow>> CreateAsync(DatasetImport import, CancellationToken cancel = default) =>
        store.UseAsync<Outcome<DatasetRow>>(async context =>
    {
        if (await context.Datasets.AsNoTracking().FirstOrDefaultAsync(known => known.Name == import.Name, cancel) is { } known)
        {
            return Exists(known.Name, known.Status == DatasetStatus.Failed);
        }

        var row = new DatasetRow
        {
            Name = import.Name,
            Import = JsonSerializer.Serialize(import, CoreJson.Options),
            CreatedAt = clock.GetUtcNow(),
        };
        context.Datasets.Add(row);
        try
        {
            await context.SaveChangesAsync(cancel);
            return row;
        }
        catch (DbUpdateException duplicate) when (StoreFailure.IsDuplicate(duplicate))
        {
            return Exists(import.Name, hasFailed: false);
        }
    });

    public Task<DatasetRow?> FindAsync(string name, CancellationToken cancel = default) =>
        store.UseAsync(context => context.Datasets.AsNoTracking().FirstOrDefaultAsync(row => row.Name == name, cancel));

    /// <summary>Data sets ordered by name, those after a name if one is given.</summary>
    public Task<List<DatasetRow>> ListAsync(int limit, string? after, CancellationToken cancel = default) =>
        store.UseAsync(context => context.Datasets.AsNoTracking()
        .Where(row => after == null || row.Name.CompareTo(after) > 0).OrderBy(row => row.Name).Take(limit).ToListAsync(cancel));

    /// <summary>Source files of imports that have not ended.</summary>
    public async Task<HashSet<string>> SourcesAsync(CancellationToken cancel = default)
    {
        var imports = await store.UseAsync(context =>
            context.Datasets.Where(row => row.Work.State == WorkState.Queued || row.Work.State == WorkState.Running)
            .Select(row => row.Import).ToListAsync(cancel));
        return [.. imports.Select(json => JsonSerializer.Deserialize<DatasetImport>(json, CoreJson.Options)!.Source)];
    }

    /// <summary>
    /// Checks that images may be added. Problems: <c>dataset.not-found</c>, <c>dataset.not-ready</c>, <c>dataset.in-use</c>.
    /// </summary>
    public Task<Outcome<Unit>> CheckWritableAsync(string name, CancellationToken cancel = default) =>
        store.UseAsync<Outcome<Unit>>(async context =>
    {
        var row = await context.Datasets.AsNoTracking().FirstOrDefaultAsync(dataset => dataset.Name == name, cancel);
        return row is null ? Problem.NotFound("dataset.not-found", $"There is no data set '{name}'.")
            : row.Status != DatasetStatus.Ready ? Problem.Conflict("dataset.not-ready", $"The data set '{name}' is not ready.")
            : await ReaderAsync(context, name, cancel) is { } reader ? reader
            : default(Unit);
    });

    /// <summary>
    /// Deletes a data set's row. Problems: <c>dataset.not-found</c>, <c>dataset.importing</c>, and <c>dataset.in-use</c> while a run, sweep
    /// or job reads it.
    /// </summary>
    public Task<Outcome<Unit>> DeleteAsync(string name, CancellationToken cancel = default) =>
        store.UseAsync<Outcome<Unit>>(async context =>
    {
        if (await ReaderAsync(context, name, cancel) is { } reader)
        {
            return reader;
        }

        var row = await context.Datasets.FirstOrDefaultAsync(dataset => dataset.Name == name, cancel);
        if (row is null)
        {
            return Problem.NotFound("dataset.not-found", $"There is no data set '{name}'.");
        }

        if (row.Status == DatasetStatus.Importing)
        {
            return Problem.Conflict("dataset.importing", $"The data set '{name}' is being imported.");
        }

        context.Datasets.Remove(row);
        await context.SaveChangesAsync(cancel);
        return default(Unit);
    });

    private static Problem Exists(string name, bool hasFailed) => Problem.Conflict(
        "dataset.exists",
        hasFailed
        ? $"There is a data set '{name}' whose import failed: DELETE /datasets/{name} first."
        : $"There is a data set '{name}' already.");

    /// <summary>The problem <c>dataset.in-use</c> if queued or running work reads the data set, else null.</summary>
    private static async Task<Problem?> ReaderAsync(StoreContext context, string name, CancellationToken cancel)
    {
        var run =
            await context.Runs.Where(
                row => row.Dataset == name && (row.Work.State == WorkState.Queued || row.Work.State == WorkState.Running))
            .Select(row => row.Id).FirstOrDefaultAsync(cancel);
        if (run is not null)
        {
            return Problem.Conflict("dataset.in-use", $"The run '{run}' reads the data set '{name}'.");
        }

        var sweep = await context.Sweeps.Where(sweep => sweep.Dataset == name && sweep.State == SweepState.Running)
            .Select(sweep => sweep.Id).FirstOrDefaultAsync(cancel);
        if (sweep is not null)
        {
            return Problem.Conflict("dataset.in-use", $"The sweep '{sweep}' reads the data set '{name}'.");
        }

        var classification =
            await context.ClassifyJobs.Where(
                job => job.Dataset == name && (job.Work.State == WorkState.Queued || job.Work.State == WorkState.Running))
            .Select(job => job.Id).FirstOrDefaultAsync(cancel);
        if (classification is not null)
        {
            return Problem.Conflict("dataset.in-use", $"The classification '{classification}' reads the data set '{name}'.");
        }

        return null;
    }
}
