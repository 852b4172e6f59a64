using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Training.Sweeps;
using Microsoft.EntityFrameworkCore;

namespace CnnService.Web.Persistence;

/// <summary>Stores data sets.</summary>
internal sealed class DatasetStore(Store store, TimeProvider clock)
{
    /// <summary>Most imports that wait for their turn.</summary>
    public const int MaxQueued = 100;

    /// <summary>Most names that a message lists.</summary>
    private const int MaxListed = 20;

    /// <summary>Most names among which the nearest one is looked for.</summary>
    private const int MaxCompared = 1000;

    /// <summary>Adds a data set to be imported. Problems: <c>dataset.exists</c>, <c>dataset.queue-full</c>.</summary>
    public Task<Outcome<DatasetRow>> CreateAsync(DatasetImport import, CancellationToken cancel = default) =>
        store.UseAsync<Outcome<DatasetRow>>(async context =>
    {
        if (await context.Datasets.AsNoTracking().FirstOrDefaultAsync(known => known.Name == import.Name, cancel) is { } known)
        {
            return Exists(known.Name, known.Status == DatasetStatus.Failed);
        }

        if (await context.Datasets.CountAsync(other => other.Work.State == WorkState.Queued, cancel) >= MaxQueued)
        {
            return new Problem(ProblemKind.Unavailable, "dataset.queue-full",
                $"At most {MaxQueued} imports may be queued; try again when one has started.")
            { RetryAfter = TimeSpan.FromSeconds(30) };
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

    /// <summary>Key of a data set's files in the store of artifacts; null: they are in the data directory, or there is none.</summary>
    public Task<string?> FilesOfAsync(string name, CancellationToken cancel) => store.UseAsync(context =>
        context.Datasets.Where(row => row.Name == name).Select(row => row.Files).FirstOrDefaultAsync(cancel));

    /// <summary>Names the files of a data set in the store of artifacts, within the transaction that ends its import.</summary>
    public static Task SetFilesAsync(StoreContext context, string name, string files, CancellationToken cancel) =>
        context.Datasets.Where(row => row.Name == name).ExecuteUpdateAsync(set => set.SetProperty(row => row.Files, files), cancel);

    /// <summary>Data sets ordered by name, those after a name if one is given.</summary>
    public Task<List<DatasetRow>> ListAsync(int limit, string? after, CancellationToken cancel = default) =>
        store.UseAsync(context => context.Datasets.AsNoTracking()
        .Where(row => after == null || row.Name.CompareTo(after) > 0).OrderBy(row => row.Name).Take(limit).ToListAsync(cancel));

    /// <summary>Source files of imports that have not ended, as the rows name them.</summary>
    public async Task<HashSet<string>> SourcesAsync(CancellationToken cancel = default)
    {
        var imports = await store.UseAsync(context =>
            context.Datasets.Where(row => row.Work.State == WorkState.Queued || row.Work.State == WorkState.Running)
            .Select(row => row.Import).ToListAsync(cancel));
        return [.. imports.Select(json => JsonSerializer.Deserialize<DatasetImport>(json, CoreJson.Options)!.Source)];
    }

    /// <summary>A data set whose import has ended. Problems: <c>dataset.not-found</c>, <c>dataset.not-ready</c>.</summary>
    public async Task<Outcome<DatasetRow>> FindReadyAsync(string name, CancellationToken cancel = default) =>
        await FindAsync(name, cancel) is not { } row ? await NotFoundAsync(name, cancel)
        : row.Status == DatasetStatus.Ready ? row
        : NotReady(row);

    /// <summary>The problem <c>dataset.in-use</c> while queued or running work reads any revision of a data set, else null.</summary>
    public Task<Problem?> FindReaderAsync(string name, CancellationToken cancel = default) =>
        store.UseAsync(context => ReaderAsync(context, name, cancel));

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
            return await NotFoundAsync(context, name, cancel);
        }

        if (row.Status == DatasetStatus.Importing)
        {
            return Problem.Conflict(
                "dataset.importing", $"A data set can be deleted once its import has ended; '{name}' is still being imported.");
        }

        context.Datasets.Remove(row);
        await context.SaveChangesAsync(cancel);
        return default(Unit);
    });

    private static Problem Exists(string name, bool hasFailed) => Problem.Conflict(
        "dataset.exists",
        hasFailed
        ? $"The name must be new; the data set '{name}' exists, and its import failed: DELETE /datasets/{name} first."
        : $"The name must be new; a data set '{name}' exists already.");

    /// <summary>The problem of a name that no data set has, which tells the names there are.</summary>
    public Task<Problem> NotFoundAsync(string name, CancellationToken cancel = default) =>
        store.UseAsync(context => NotFoundAsync(context, name, cancel));

    private static async Task<Problem> NotFoundAsync(StoreContext context, string name, CancellationToken cancel)
    {
        var names = await context.Datasets.Select(row => row.Name).OrderBy(known => known).Take(MaxCompared).ToListAsync(cancel);
        var listed = names.Take(MaxListed).ToArray();
        var more = names.Count > listed.Length ? ", …" : string.Empty;
        return Problem.NotFound("dataset.not-found", string.Concat(
            $"There is no data set '{ReceivedText.Text(name)}'. ",
            NearestName.Find(name, names) is { } meant ? $"Did you mean {meant}? " : string.Empty,
            names.Count == 0 ? "None exists yet." : $"The data sets are {string.Join(", ", listed)}{more}.")) with
        {
            Data = new Dictionary<string, object?> { ["datasets"] = listed },
        };
    }

    /// <summary>The problem of a data set that cannot be read yet, or whose import failed.</summary>
    public static Problem NotReady(DatasetRow row) => Problem.Conflict(
        "dataset.not-ready", $"The data set must be ready; '{row.Name}' is {row.Status.ToWireName()}: GET /datasets/{row.Name}.");

    /// <summary>The problem <c>dataset.in-use</c> if queued or running work reads the data set, else null.</summary>
    private static async Task<Problem?> ReaderAsync(StoreContext context, string name, CancellationToken cancel)
    {
        var run =
            await context.Runs.Where(
                row => row.Dataset == name && (row.Work.State == WorkState.Queued || row.Work.State == WorkState.Running))
            .Select(row => row.Id).FirstOrDefaultAsync(cancel);
        if (run is not null)
        {
            return InUse(name, $"run '{run}'");
        }

        var sweep = await context.Sweeps.Where(sweep => sweep.Dataset == name && sweep.State == SweepState.Running)
            .Select(sweep => sweep.Id).FirstOrDefaultAsync(cancel);
        if (sweep is not null)
        {
            return InUse(name, $"sweep '{sweep}'");
        }

        var classification =
            await context.ClassifyJobs.Where(
                job => job.Dataset == name && (job.Work.State == WorkState.Queued || job.Work.State == WorkState.Running))
            .Select(job => job.Id).FirstOrDefaultAsync(cancel);
        return classification is null ? null : InUse(name, $"classification '{classification}'");
    }

    private static Problem InUse(string name, string reader) => Problem.Conflict(
        "dataset.in-use", $"The data set '{name}' is in use by the {reader}: cancel it, or wait until it has ended.");
}
