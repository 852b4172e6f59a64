using CnnService.Core.Common;
using Microsoft.EntityFrameworkCore;

namespace CnnService.Web.Persistence;

/// <summary>The rows of data sets being classified.</summary>
internal sealed class ClassifyJobStore(Store store, TimeProvider clock)
{
    /// <summary>Queues a job unless too many wait already (<c>classify-job.queue-full</c>). The same id again is the same job.</summary>
    public Task<Outcome<ClassifyJobRow>> AddAsync(ClassifyJobRow job, int mostQueued) => store.UseAsync<Outcome<ClassifyJobRow>>(async context =>
    {
        if (await context.ClassifyJobs.CountAsync(other => other.State == ClassifyJobState.Queued) >= mostQueued)
        {
            return new Problem(ProblemKind.Unavailable, "classify-job.queue-full", $"{mostQueued} classifications of data sets are waiting already.") { RetryAfter = TimeSpan.FromSeconds(30) };
        }

        job.CreatedAt = clock.GetUtcNow();
        context.ClassifyJobs.Add(job);
        try
        {
            await context.SaveChangesAsync();
            return job;
        }
        catch (DbUpdateException duplicate) when (Store.IsDuplicate(duplicate))
        {
            context.ChangeTracker.Clear();
            return await context.ClassifyJobs.AsNoTracking().SingleAsync(known => known.Id == job.Id);
        }
    });

    public Task<ClassifyJobRow?> FindAsync(string id) =>
        store.UseAsync(context => context.ClassifyJobs.AsNoTracking().FirstOrDefaultAsync(job => job.Id == id));

    /// <summary>The newest jobs, older than <paramref name="after"/> where one is named.</summary>
    public Task<List<ClassifyJobRow>> ListAsync(int limit, string? after) => store.UseAsync(context => context.ClassifyJobs.AsNoTracking()
        .Where(job => after == null || job.Id.CompareTo(after) < 0).OrderByDescending(job => job.Id).Take(limit).ToListAsync());

    /// <summary>Ends a job; one at work stops. Problem codes: <c>classify-job.not-found</c>, <c>classify-job.finished</c>.</summary>
    public Task<Outcome<ClassifyJobRow>> CancelAsync(string id) => store.UseAsync<Outcome<ClassifyJobRow>>(async context =>
    {
        await context.ClassifyJobs.Where(job => job.Id == id && (job.State == ClassifyJobState.Queued || job.State == ClassifyJobState.Running))
            .ExecuteUpdateAsync(set => set.SetProperty(job => job.State, ClassifyJobState.Cancelled).SetProperty(job => job.FinishedAt, clock.GetUtcNow()));
        return await context.ClassifyJobs.AsNoTracking().FirstOrDefaultAsync(job => job.Id == id) switch
        {
            null => NotFound(id),
            { State: ClassifyJobState.Cancelled } cancelled => cancelled,
            var over => Problem.Conflict("classify-job.finished", $"The classification '{id}' has {over.State.ToWireName()} already."),
        };
    });

    /// <summary>Takes a job away; one at work stops. False where there is none.</summary>
    public Task<bool> DeleteAsync(string id) => store.UseAsync(async context =>
        await context.ClassifyJobs.Where(job => job.Id == id).ExecuteDeleteAsync() > 0);

    /// <summary>Jobs that nobody works on.</summary>
    public Task<List<WaitingWork>> ClaimableAsync() => store.UseAsync(async context =>
        await Claimable(context, await StoreClock.NowAsync(context, clock))
            .OrderBy(job => job.Id).Select(job => new WaitingWork(job.Id, job.Attempt)).ToListAsync());

    /// <summary>Ends all leases: for a start that has proved, by the lock on the data directory, that no owner is alive.</summary>
    public Task ReleaseAllAsync() => store.UseAsync(context => context.ClassifyJobs.Where(job => job.State == ClassifyJobState.Running)
        .ExecuteUpdateAsync(set => set.SetProperty(job => job.LeaseUntil, DateTimeOffset.UnixEpoch)));

    /// <summary>Takes a job to carry out, by one conditional update; null where another was faster or nothing is to be done.</summary>
    public Task<ClassifyJobClaim?> ClaimAsync(string id, string owner, TimeSpan lease) => store.UseAsync(async context =>
    {
        var now = await StoreClock.NowAsync(context, clock);
        var claimed = await Claimable(context, now).Where(job => job.Id == id).ExecuteUpdateAsync(set => set
            .SetProperty(job => job.State, ClassifyJobState.Running)
            .SetProperty(job => job.Owner, owner)
            .SetProperty(job => job.Attempt, job => job.Attempt + 1)
            .SetProperty(job => job.Tries, job => job.Tries + 1)
            .SetProperty(job => job.LeaseUntil, now + lease)
            .SetProperty(job => job.StartedAt, job => job.StartedAt ?? now));
        var row = claimed == 0 ? null
            : await context.ClassifyJobs.AsNoTracking().FirstOrDefaultAsync(mine => mine.Id == id && mine.Owner == owner);
        return row is null ? null : new ClassifyJobClaim(store, clock, row, lease);
    });

    public static Problem NotFound(string id) => Problem.NotFound("classify-job.not-found", $"There is no classification '{id}'.");

    private static IQueryable<ClassifyJobRow> Claimable(StoreContext context, DateTimeOffset now) => context.ClassifyJobs
        .Where(job => job.State == ClassifyJobState.Queued || (job.State == ClassifyJobState.Running && job.LeaseUntil < now));
}
