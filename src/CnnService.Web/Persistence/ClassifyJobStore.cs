using CnnService.Core.Common;
using Microsoft.EntityFrameworkCore;

namespace CnnService.Web.Persistence;

/// <summary>Stores the jobs that classify data sets.</summary>
internal sealed class ClassifyJobStore(Store store, LeaseStore<ClassifyJobRow> leases, TimeProvider clock)
{
    /// <summary>Queues a job. Problem: <c>classify-job.queue-full</c>. Adding the same id again returns the existing job.</summary>
    public Task<Outcome<ClassifyJobRow>> AddAsync(ClassifyJobRow job, int maxQueued, CancellationToken cancel = default) =>
        store.UseAsync<Outcome<ClassifyJobRow>>(async context =>
    {
        if (await context.ClassifyJobs.CountAsync(other => other.Work.State == WorkState.Queued, cancel) >= maxQueued)
        {
            return new Problem(ProblemKind.Unavailable, "classify-job.queue-full",
                $"At most {maxQueued} classifications of data sets may be queued; try again when one has started.")
            { RetryAfter = TimeSpan.FromSeconds(30) };
        }

        job.CreatedAt = clock.GetUtcNow();
        context.ClassifyJobs.Add(job);
        try
        {
            await context.SaveChangesAsync(cancel);
            return job;
        }
        catch (DbUpdateException duplicate) when (StoreFailure.IsDuplicate(duplicate))
        {
            context.ChangeTracker.Clear();
            return await context.ClassifyJobs.AsNoTracking().SingleAsync(known => known.Id == job.Id, cancel);
        }
    });

    public Task<ClassifyJobRow?> FindAsync(string id, CancellationToken cancel = default) =>
        store.UseAsync(context => context.ClassifyJobs.AsNoTracking().FirstOrDefaultAsync(job => job.Id == id, cancel));

    /// <summary>The newest jobs, or those older than <paramref name="after"/>.</summary>
    public Task<List<ClassifyJobRow>> ListAsync(int limit, string? after, CancellationToken cancel = default) =>
        store.UseAsync(context => context.ClassifyJobs.AsNoTracking()
        .Where(job => after == null || job.Id.CompareTo(after) < 0).OrderByDescending(job => job.Id).Take(limit).ToListAsync(cancel));

    /// <summary>
    /// Requests a job to stop; a queued one is cancelled immediately. Problems: <c>classify-job.not-found</c>,
    /// <c>classify-job.finished</c>.
    /// </summary>
    public async Task<Outcome<ClassifyJobRow>> CancelAsync(string id, CancellationToken cancel = default)
    {
        await leases.CancelAsync(id, cancel);
        return await FindAsync(id, cancel) switch
        {
            null => NotFound(id),
            { Work.State: WorkState.Succeeded or WorkState.Failed } over => Problem.Conflict(
                "classify-job.finished",
                $"Only a queued or running classification can be cancelled; '{id}' has {over.Work.State.ToWireName()}."),
            var row => row,
        };
    }

    /// <summary>Deletes a job; a running one stops. False if there is none.</summary>
    public Task<bool> DeleteAsync(string id, CancellationToken cancel = default) => store.UseAsync(async context =>
        await context.ClassifyJobs.Where(job => job.Id == id).ExecuteDeleteAsync(cancel) > 0);

    /// <summary>
    /// Stores a job's progress; false if the claim is lost. New scores count as progress of the attempt, as they are kept.
    /// </summary>
    /// <param name="claim">The worker's claim.</param>
    /// <param name="done">Images whose scores are stored.</param>
    /// <param name="imagesPerSecond">Throughput of this attempt; null if it has classified no image yet.</param>
    /// <param name="cancel">Cancels the write.</param>
    public Task<bool> ProgressAsync(Claim<ClassifyJobRow> claim, int done, double? imagesPerSecond, CancellationToken cancel) =>
        leases.WriteAsync(
        claim,
        set => set
            .SetProperty(row => row.Work.TriesWithoutProgress, row => row.Done < done ? 0 : row.Work.TriesWithoutProgress)
            .SetProperty(row => row.Done, done)
            .SetProperty(row => row.ImagesPerSecond, row => imagesPerSecond ?? row.ImagesPerSecond),
        cancel);

    /// <summary>Marks all images as classified, within the transaction that ends the work.</summary>
    public static Task CompleteAsync(StoreContext context, string id, string? files, CancellationToken cancel) =>
        context.ClassifyJobs.Where(row => row.Id == id)
        .ExecuteUpdateAsync(set => set.SetProperty(row => row.Done, row => row.Total).SetProperty(row => row.Files, files), cancel);

    public static Problem NotFound(string id) => Problem.NotFound("classify-job.not-found", $"There is no classification '{id}'.");
}
