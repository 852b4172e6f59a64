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
        var row = new DatasetRow { Name = import.Name, Import = JsonSerializer.Serialize(import, CoreJson.Options), CreatedAt = clock.GetUtcNow() };
        context.Datasets.Add(row);
        try
        {
            await context.SaveChangesAsync().ConfigureAwait(false);
            return row;
        }
        catch (DbUpdateException duplicate) when (Store.IsDuplicate(duplicate))
        {
            return Problem.Conflict("dataset.exists", $"There is a data set '{import.Name}' already.");
        }
    });

    public Task<DatasetRow?> FindAsync(string name) =>
        store.UseAsync(context => context.Datasets.AsNoTracking().FirstOrDefaultAsync(row => row.Name == name));

    /// <summary>Rows by name, after a name.</summary>
    public Task<List<DatasetRow>> ListAsync(int limit, string? after) => store.UseAsync(context => context.Datasets.AsNoTracking()
        .Where(row => after == null || row.Name.CompareTo(after) > 0).OrderBy(row => row.Name).Take(limit).ToListAsync());

    public Task<List<string>> ImportingAsync() => store.UseAsync(context =>
        context.Datasets.Where(row => row.Status == DatasetStatus.Importing).Select(row => row.Name).ToListAsync());

    /// <summary>Counts an attempt before the work starts; answers how many there were.</summary>
    public Task<int> BeginAsync(string name) => store.UseAsync(async context =>
    {
        await context.Datasets.Where(row => row.Name == name)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.Attempts, row => row.Attempts + 1)).ConfigureAwait(false);
        return await context.Datasets.Where(row => row.Name == name).Select(row => row.Attempts).SingleAsync().ConfigureAwait(false);
    });

    public Task ProgressAsync(string name, int done, int total) => store.UseAsync(context => context.Datasets.Where(row => row.Name == name)
        .ExecuteUpdateAsync(set => set.SetProperty(row => row.Done, done).SetProperty(row => row.Total, total)));

    public Task ReadyAsync(string name) => store.UseAsync(context => context.Datasets.Where(row => row.Name == name)
        .ExecuteUpdateAsync(set => set.SetProperty(row => row.Status, DatasetStatus.Ready)));

    public Task FailAsync(string name, Problem problem)
    {
        var failure = JsonSerializer.Serialize(Failure.Of(problem), CoreJson.Options);
        return store.UseAsync(context => context.Datasets.Where(row => row.Name == name).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.Status, DatasetStatus.Failed).SetProperty(row => row.Failure, failure)));
    }

    /// <summary>Takes the row away unless a run that is not over reads the data set.</summary>
    public Task<Outcome<Unit>> DeleteAsync(string name) => store.UseAsync<Outcome<Unit>>(async context =>
    {
        var reader = await context.Runs.Where(run => run.Dataset == name && (run.State == RunState.Queued || run.State == RunState.Running))
            .Select(run => run.Id).FirstOrDefaultAsync().ConfigureAwait(false);
        if (reader is not null)
        {
            return Problem.Conflict("dataset.in-use", $"The run '{reader}' reads the data set '{name}'.");
        }

        var row = await context.Datasets.FirstOrDefaultAsync(dataset => dataset.Name == name).ConfigureAwait(false);
        if (row is null)
        {
            return Problem.NotFound("dataset.not-found", $"There is no data set '{name}'.");
        }

        if (row.Status == DatasetStatus.Importing)
        {
            return Problem.Conflict("dataset.importing", $"The data set '{name}' is being imported.");
        }

        context.Datasets.Remove(row);
        await context.SaveChangesAsync().ConfigureAwait(false);
        return default(Unit);
    });
}
