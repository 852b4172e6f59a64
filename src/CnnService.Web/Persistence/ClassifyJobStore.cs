using CnnService.Core.Common;
using Microsoft.EntityFrameworkCore;

namespace CnnService.Web.Persistence;

/// <summary>The rows of data sets being classified.</summary>
internal sealed class ClassifyJobStore(Store store, LeaseStore<ClassifyJobRow> leases, TimeProvider clock)
{
    /// <summary>Queues a job unless too many wait already (<c>classify-job.queue-full</c>). The same id again is the same job.</summary>
    public Task<Outcome<ClassifyJobRow>> AddAsync(ClassifyJobRow job, int mostQueued, CancellationToken cancel = default) =>
        store.UseAsync<Outcome<ClassifyJobRow>>(async context =>
    {
        if (await context.ClassifyJobs.CountAsync(other => other.Work.State == WorkState.Queued, cancel) >= mostQueued)
        {
            return new Problem(ProblemKind.Unavailable, "classify-job.queue-full",
                $"{mostQueued} classifications of data sets are waiting already.")
            { RetryAfter = TimeSpan.FromSeconds(30) };
        }

        job.CreatedAt = clock.GetUtcNow();
        context.ClassifyJobs.Add(job);
        try
        {
            await context.SaveChangesAsync(cancel);
            return job;
        }
        catch (DbUpdateException duplicate) when (Store.IsDuplicate(duplicate))
        {
            context.ChangeTracker.Clear();
            return await context.ClassifyJobs.AsNoTracking().SingleAsync(known => known.Id == job.Id, cancel);
        }
    });

    public Task<ClassifyJobRow?> FindAsync(string id, CancellationToken cancel = default) =>
        store.UseAsync(context => context.ClassifyJobs.AsNoTracking().FirstOrDefaultAsync(job => job.Id == id, cancel));

    /// <summary>The newest jobs, older than <paramref name="after"/> where one is named.</summary>
    public Task<List<ClassifyJobRow>> ListAsync(int limit, string? after, CancellationToken cancel = default) =>
        store.UseAsync(context => context.ClassifyJobs.AsNoTracking()
        .Where(job => after == null || job.Id.CompareTo(after) < 0).OrderByDescending(job => job.Id).Take(limit).ToListAsync(cancel));

    /// <summary>Asks a job to stop; a queued one is over at once. Problem codes: <c>classify-job.not-found</c>,
    /// <c>classify-job.finished</c>.</summary>
    public async Task<Outcome<ClassifyJobRow>> CancelAsync(string id, CancellationToken cancel = default)
    {
        await leases.CancelAsync(id, cancel);
        return await FindAsync(id, cancel) switch
        {
            null => NotFound(id),
            { Work.State: WorkState.Succeeded or WorkState.Failed } over => Problem.Conflict(
                "classify-job.finished", $"The classification '{id}' has {over.Work.State.ToWireName()} already."),
            var row => row,
        };
    }

    /// <summary>Takes a job away; one at work stops. False where there is none.</summary>
    public Task<bool> DeleteAsync(string id, CancellationToken cancel = default) => store.UseAsync(async context =>
        await context.ClassifyJobs.Where(job => job.Id == id).ExecuteDeleteAsync(cancel) > 0);

    /// <summary>Writes how far a job is; false where its worker has lost it. New scores are kept: an attempt that made some was not
    /// barren.</summary>
    /// <param name="claim">Of the worker.</param>
    /// <param name="done">Images whose scores are kept.</param>
    /// <param name="imagesPerSecond">Of this attempt; null while it has done none.</param>
    /// <param name="cancel">Leaves the row as it is.</param>
    public Task<bool> ProgressAsync(Claim<ClassifyJobRow> claim, int done, double? imagesPerSecond, CancellationToken cancel) =>
        leases.WriteAsync(
        claim,
        set => set
            .SetProperty(row => row.Work.BarrenTries, row => row.Done < done ? 0 : row.Work.BarrenTries)
            .SetProperty(row => row.Done, done)
            .SetProperty(row => row.ImagesPerSecond, row => imagesPerSecond ?? row.ImagesPerSecond),
        cancel);

    /// <summary>Says in the row that all is done; within the change that ends the work.</summary>
    public static Task CompleteAsync(StoreContext context, string id, CancellationToken cancel) =>
        context.ClassifyJobs.Where(row => row.Id == id)
        .ExecuteUpdateAsync(set => set.SetProperty(row => row.Done, row => row.Total), cancel);

    public static Problem NotFound(string id) => Problem.NotFound("classify-job.not-found", $"There is no classification '{id}'.");
}
