using CnnService.Core.Common;
using CnnService.Core.Training.Sweeps;
using Microsoft.EntityFrameworkCore;

namespace CnnService.Web.Persistence;

/// <summary>Stores sweeps and their trials, for clients. <see cref="SweepScheduler"/> schedules them.</summary>
internal sealed class SweepStore(Store store, TimeProvider clock)
{
    /// <summary>
    /// Adds a sweep with all its trials waiting, unless too many are running. Adding the same id again returns the existing sweep.
    /// </summary>
    public Task<Outcome<SweepRow>> AddAsync(
        SweepRow sweep, IEnumerable<SweepTrialRow> trials, int maxRunning, CancellationToken cancel = default) =>
        store.UseAsync<Outcome<SweepRow>>(async context =>
    {
        if (await context.Sweeps.CountAsync(other => other.State == SweepState.Running, cancel) >= maxRunning)
        {
            return new Problem(ProblemKind.Unavailable, "sweep.too-many",
                $"At most {maxRunning} sweeps may be in progress at a time; try again when one has ended.")
            { RetryAfter = TimeSpan.FromMinutes(1) };
        }

        sweep.CreatedAt = clock.GetUtcNow();
        context.Sweeps.Add(sweep);
        context.SweepTrials.AddRange(trials);
        try
        {
            await context.SaveChangesAsync(cancel);
            return sweep;
        }
        catch (DbUpdateException duplicate) when (StoreFailure.IsDuplicate(duplicate))
        {
            context.ChangeTracker.Clear();
            return await context.Sweeps.AsNoTracking().SingleAsync(known => known.Id == sweep.Id, cancel);
        }
    });

    public Task<SweepRow?> FindAsync(string id, CancellationToken cancel = default) =>
        store.UseAsync(context => context.Sweeps.AsNoTracking().FirstOrDefaultAsync(sweep => sweep.Id == id, cancel));

    /// <summary>The newest sweeps, or those older than <paramref name="after"/>.</summary>
    public Task<List<SweepRow>> ListAsync(int limit, string? after, CancellationToken cancel = default) =>
        store.UseAsync(context => context.Sweeps.AsNoTracking()
        .Where(sweep => after == null || sweep.Id.CompareTo(after) < 0)
        .OrderByDescending(sweep => sweep.Id).Take(limit).ToListAsync(cancel));

    /// <summary>Number of trials of each sweep by state; the state is null for trials without a run.</summary>
    public Task<List<TrialCount>> CountsAsync(IReadOnlyList<string> ids, CancellationToken cancel = default) =>
        store.UseAsync(async context =>
    {
        var rows = await (from trial in context.SweepTrials
                          where ids.Contains(trial.SweepId)
                          join run in context.Runs on trial.RunId equals run.Id into runs
                          from run in runs.DefaultIfEmpty()
                          group trial by new
                          {
                              trial.SweepId,
                              State = (WorkState?)run.Work.State,
                              IsStopped = trial.StoppedAtRung != null
                          } into same
                          select new { same.Key.SweepId, same.Key.State, same.Key.IsStopped, Count = same.Count() }).ToListAsync(cancel);
        return rows.ConvertAll(row => new TrialCount(row.SweepId, row.State, row.IsStopped, row.Count));
    });

    /// <summary>All trials in order, with their results.</summary>
    public Task<List<TrialView>> TrialsAsync(SweepRow sweep, CancellationToken cancel = default) => store.UseAsync(async context =>
    {
        var figures = await TrialFigures.ReadAsync(context, sweep.Id, sweep.Metric, int.MaxValue, cancel);
        var rows = await (from trial in context.SweepTrials
                          where trial.SweepId == sweep.Id
                          join run in context.Runs on trial.RunId equals run.Id into runs
                          from run in runs.DefaultIfEmpty()
                          orderby trial.Trial
                          select new
                          {
                              trial.Trial,
                              trial.Values,
                              trial.RunId,
                              State = (WorkState?)run.Work.State,
                              Version = (int?)run.Version,
                              run.Work.Failure,
                              trial.StoppedAtRung
                          })
            .ToListAsync(cancel);
        return rows.ConvertAll(row =>
        {
            var figure = row.RunId is null ? null : figures.GetValueOrDefault(row.RunId);
            return new TrialView(
                row.Trial, row.Values, row.RunId, row.State, row.Version, row.Failure, row.StoppedAtRung,
                figure?.Last ?? 0, figure?.Best, figure?.BestEpoch);
        });
    });

    /// <summary>
    /// Requests a sweep to stop: waiting trials are never run, queued ones are cancelled immediately, running ones stop at their next step.
    /// </summary>
    public Task<Outcome<SweepRow>> CancelAsync(string id, CancellationToken cancel = default) =>
        store.UseAsync<Outcome<SweepRow>>(async context =>
    {
        await RunChange.ApplyAsync(
            context,
            () => context.Sweeps.Where(sweep => sweep.Id == id && sweep.State == SweepState.Running)
                .ExecuteUpdateAsync(set => set.SetProperty(sweep => sweep.CancelRequested, true), cancel),
            () => CancelRunsAsync(context, id, cancel), cancel);
        var row = await context.Sweeps.AsNoTracking().FirstOrDefaultAsync(sweep => sweep.Id == id, cancel);
        return row switch
        {
            null => NotFound(id),
            { State: SweepState.Succeeded or SweepState.Failed } => Problem.Conflict(
                "sweep.finished", $"Only a running sweep can be cancelled; '{id}' has {row.State.ToWireName()}."),
            _ => row,
        };
    });

    /// <summary>Deletes a sweep that has ended, with its runs and their history. Returns the ids of the runs. The model is kept.</summary>
    public Task<Outcome<List<string>>> DeleteAsync(string id, CancellationToken cancel = default) =>
        store.UseAsync<Outcome<List<string>>>(async context =>
    {
        List<string> runs = [];
        var deleted = await RunChange.ApplyAsync(
            context,
            () => context.Sweeps.Where(sweep => sweep.Id == id && sweep.State != SweepState.Running)
                .Where(sweep =>
                    !context.Runs.Any(
                        run => run.SweepId == id && (run.Work.State == WorkState.Queued || run.Work.State == WorkState.Running)))
                        .ExecuteDeleteAsync(cancel),
            async () =>
            {
                runs = await context.Runs.Where(run => run.SweepId == id).Select(run => run.Id).ToListAsync(cancel);
                await context.Epochs.Where(epoch => runs.Contains(epoch.RunId)).ExecuteDeleteAsync(cancel);
                await context.RunEvents.Where(row => runs.Contains(row.RunId)).ExecuteDeleteAsync(cancel);
                await context.Runs.Where(run => run.SweepId == id).ExecuteDeleteAsync(cancel);
                await context.SweepTrials.Where(trial => trial.SweepId == id).ExecuteDeleteAsync(cancel);
            }, cancel);
        return deleted ? runs
            : await context.Sweeps.AnyAsync(sweep => sweep.Id == id, cancel)
                ? Problem.Conflict("sweep.active", $"A sweep can be deleted once it and all its runs have ended; cancel '{id}' first.")
                : NotFound(id);
    });

    public static Problem NotFound(string id) => Problem.NotFound("sweep.not-found", $"There is no sweep '{id}'.");

    /// <summary>Requests all runs to stop first, so that none that a worker claims or releases at this moment is missed.</summary>
    private async Task CancelRunsAsync(StoreContext context, string sweep, CancellationToken cancel)
    {
        await context.Runs.Where(run => run.SweepId == sweep && (run.Work.State == WorkState.Queued || run.Work.State == WorkState.Running))
            .ExecuteUpdateAsync(set => set.SetProperty(run => run.Work.CancelRequested, true), cancel);
        foreach (var id in await context.Runs.Where(run => run.SweepId == sweep && run.Work.State == WorkState.Queued).Select(run => run.Id)
            .ToListAsync(cancel))
        {
            var cancelled = await context.Runs.Where(run => run.Id == id && run.Work.State == WorkState.Queued)
                .ExecuteUpdateAsync(set => set
                .SetProperty(run => run.Work.State, WorkState.Cancelled).SetProperty(run => run.Work.FinishedAt, clock.GetUtcNow()),
                cancel);
            if (cancelled > 0)
            {
                await RunEvents.AppendStateAsync(context, id, WorkState.Cancelled, cancel);
            }
        }
    }
}
