using CnnService.Core.Common;
using CnnService.Core.Training;
using CnnService.Core.Training.Sweeps;
using CnnService.Web.Persistence;

namespace CnnService.Web.Tests.Persistence;

public sealed class SqliteSweepStoreTests() : SweepStoreTests(null);

public sealed class PostgresSweepStoreTests(PostgresServer server) : SweepStoreTests(server);

public abstract class SweepStoreTests(PostgresServer? server) : DatabaseTests(server)
{
    private static readonly TimeSpan Lease = TimeSpan.FromHours(1);

    [Fact]
    public async Task Advance_OfANewSweep_QueuesItsFirstTrialsAsOrdinaryRuns()
    {
        var sweep = await Host.AddSweepAsync(trials: 3, parallel: 2);
        Assert.Equal([null, null, null], (await Host.Sweeps.TrialsAsync(sweep)).Select(trial => trial.RunId));

        var queued = await Host.Scheduler.AdvanceAsync(sweep.Id);
        var again = await Host.Scheduler.AdvanceAsync(sweep.Id);

        Assert.Empty(again);
        Assert.Equal([queued[0], queued[1], null], (await Host.Sweeps.TrialsAsync(sweep)).Select(trial => trial.RunId));
        var run = (await Host.Runs.FindAsync(queued[0]))!;
        Assert.Equal((sweep.Id, WorkState.Queued, 9, "shapes", "shapes-sweep-1"),
            (run.SweepId, run.Work.State, run.Epochs, run.Dataset, run.Model));
        Assert.Contains($"\"runId\":\"{run.Id}\"", run.Plan, StringComparison.Ordinal);
        Assert.Equal([WorkState.Queued], await Host.StatesAsync(run.Id));
    }

    [Theory]
    [InlineData("Succeeded")]
    [InlineData("Failed")]
    [InlineData("Cancelled")]
    public async Task Advance_AfterAnyEndOfATrial_QueuesTheNext(string end)
    {
        var sweep = await Host.AddSweepAsync(trials: 3, parallel: 1);
        var first = Assert.Single(await Host.Scheduler.AdvanceAsync(sweep.Id));
        var claim = (await RunWorker.ClaimAsync(Host.Services, first, "a", Lease))!;
        Assert.Empty(await Host.Scheduler.AdvanceAsync(sweep.Id));

        Assert.True(await (end switch
        {
            "Succeeded" => claim.SucceedAsync(1),
            "Failed" => claim.FailAsync(Problem.Invalid("run.crash-loop", "c")),
            _ => claim.CancelledAsync(),
        }));

        Assert.NotEqual(first, Assert.Single(await Host.Scheduler.AdvanceAsync(sweep.Id)));
    }

    [Fact]
    public async Task Advance_ByManyWorkersAtOnce_RunsEachTrialOnceAndNeverTooMany()
    {
        const int Trials = 24;
        const int Parallel = 3;
        var sweep = await Host.AddSweepAsync(Trials, Parallel);
        await Host.Scheduler.AdvanceAsync(sweep.Id);
        var most = 0;

        await Task.WhenAll(Enumerable.Range(0, 4).Select(worker => Task.Run(async () =>
        {
            while ((await Host.Sweeps.FindAsync(sweep.Id))!.State == SweepState.Running)
            {
                foreach (var work in await Host.RunLeases.ClaimableAsync(CancellationToken.None))
                {
                    if (await RunWorker.ClaimAsync(Host.Services, work.Id, $"{worker}", Lease) is { } claim)
                    {
                        await claim.SucceedAsync(1);
                        await Task.WhenAll(Host.Scheduler.AdvanceAsync(sweep.Id), Host.Scheduler.AdvanceAsync(sweep.Id));
                    }
                }

                var active = (await Host.Runs.ListAsync(200, null)).Count(run => !run.Work.State.IsFinal());
                InterlockedMax(ref most, active);
            }
        })));

        var trials = await Host.Sweeps.TrialsAsync(sweep);
        Assert.Equal(Trials, trials.Select(trial => trial.RunId).OfType<string>().Distinct().Count());
        Assert.Equal(Trials, (await Host.Runs.ListAsync(200, null)).Count);
        Assert.All(await Host.Runs.ListAsync(200, null), run => Assert.Equal(1, run.Work.Fence));
        Assert.InRange(most, 0, Parallel);
        Assert.Equal(SweepState.Succeeded, (await Host.Sweeps.FindAsync(sweep.Id))!.State);
    }

    [Theory]
    [InlineData(new[] { "Failed", "Succeeded" }, "Succeeded")]
    [InlineData(new[] { "Failed", "Cancelled" }, "Failed")]
    [InlineData(new[] { "Cancelled", "Cancelled" }, "Cancelled")]
    public async Task Advance_AfterTheLastTrial_EndsTheSweep(string[] ends, string state)
    {
        var sweep = await Host.AddSweepAsync(trials: 2, parallel: 2);
        var runs = await Host.Scheduler.AdvanceAsync(sweep.Id);
        foreach (var (run, end) in runs.Zip(ends))
        {
            Assert.Equal(SweepState.Running, (await Host.Sweeps.FindAsync(sweep.Id))!.State);
            var claim = (await RunWorker.ClaimAsync(Host.Services, run, "a", Lease))!;
            await (end == "Succeeded"
                ? claim.SucceedAsync(1)
                : end == "Failed" ? claim.FailAsync(Problem.Invalid("a.b", "c")) : claim.CancelledAsync());
            await Host.Scheduler.AdvanceAsync(sweep.Id);
        }

        var row = (await Host.Sweeps.FindAsync(sweep.Id))!;
        Assert.Equal((state, Host.Clock.GetUtcNow()), (row.State.ToString(), row.FinishedAt));
        Assert.Empty(await Host.Scheduler.RunningAsync());
    }

    [Fact]
    public async Task Trials_WithFigures_TellTheBestAndItsFirstEpoch()
    {
        var sweep = await Host.AddSweepAsync(trials: 3, parallel: 3);
        var claims = await ClaimAsync(sweep);
        const double Best = 1 - (1 / 6.0000000001); // As many digits as there are.
        await TellAsync(claims[0], 0.5, Best, Best, 0.7);
        await TellAsync(claims[1], double.NaN);

        var trials = await Host.Sweeps.TrialsAsync(sweep);

        Assert.Equal([(Best, 2, 4), (null, null, 1), (null, null, 0)],
            trials.Select(trial => (trial.Score, trial.ScoreEpoch, trial.Epochs)));
        sweep.Metric = MonitoredMetric.ValidationLoss; // One minus the accuracy, here.
        Assert.Equal((1 - Best, 2),
            ((await Host.Sweeps.TrialsAsync(sweep))[0].Score, (await Host.Sweeps.TrialsAsync(sweep))[0].ScoreEpoch));
    }

    [Fact]
    public async Task Reached_AtARung_StopsWhatIsNotAmongTheBestOfThoseBefore()
    {
        var sweep = await Host.AddSweepAsync(trials: 4, parallel: 4, factor: 2, firstEpochs: 2);
        var claims = await ClaimAsync(sweep);

        // At two epochs: 0.5 alone; 0.6 the better of two; 0.55 not the best of three; 0.58 among the better two of four.
        Assert.False(await StopsAsync(claims[0], 0.5, 0.4));
        Assert.False(await StopsAsync(claims[1], 0.2, 0.6));
        Assert.True(await StopsAsync(claims[2], 0.1, 0.55));
        Assert.False(await StopsAsync(claims[3], 0.1, 0.58));

        var stopped = (await Host.Runs.FindAsync(claims[2].Id))!;
        Assert.Contains("sweep.trial-stopped", stopped.Work.Failure, StringComparison.Ordinal);
        var said = Assert.Single(await Host.Runs.EventsAsync(stopped.Id, 0, 100), row => row.Kind == RunEvents.LogKind).Data;
        Assert.Contains(
            "rung 0 (2 epochs): its validationAccuracy of 0.55 is not among the best 1 of 3 trials, which have at least 0.6", said,
            StringComparison.Ordinal);
        Assert.True(await claims[2].CancelledAsync());
        Assert.Equal((WorkState.Cancelled, stopped.Work.Failure),
            ((await Host.Runs.FindAsync(stopped.Id))!.Work.State, (await Host.Runs.FindAsync(stopped.Id))!.Work.Failure));
        Assert.Equal([null, null, 0, null], (await Host.Sweeps.TrialsAsync(sweep)).Select(trial => trial.StoppedAtRung));

        async Task<bool> StopsAsync(RunWorker claim, params double[] accuracies)
        {
            await TellAsync(claim, accuracies);
            await Host.Scheduler.ReachedAsync(sweep.Id, claim.Id, accuracies.Length);
            return await claim.GetStandingAsync() == LeaseStanding.CancelRequested;
        }
    }

    [Fact]
    public async Task Reached_Again_JudgesARungOnceAndTheNextByThoseThere()
    {
        var sweep = await Host.AddSweepAsync(trials: 2, parallel: 2, factor: 2, firstEpochs: 1);
        var claims = await ClaimAsync(sweep);
        await TellAsync(claims[0], 0.5);
        await Host.Scheduler.ReachedAsync(sweep.Id, claims[0].Id, 1);
        await TellAsync(claims[1], 0.9, 0.9, 0.9);
        await Host.Scheduler.ReachedAsync(sweep.Id, claims[1].Id, 3); // What was not told at its time is made up for.

        await Host.Scheduler.ReachedAsync(sweep.Id, claims[0].Id, 1);
        Assert.False(await claims[0].GetStandingAsync() == LeaseStanding.CancelRequested);
        await TellAsync(claims[0], 0.5, 0.6);
        await Host.Scheduler.ReachedAsync(sweep.Id, claims[0].Id, 2);

        Assert.Equal([1, null], (await Host.Sweeps.TrialsAsync(sweep)).Select(trial => trial.StoppedAtRung));
    }

    [Fact]
    public async Task Reached_ByATrialThatWasNotValidatedOrThatAPersonResumed_StopsNothing()
    {
        var sweep = await Host.AddSweepAsync(trials: 3, parallel: 3, factor: 2, firstEpochs: 1);
        var claims = await ClaimAsync(sweep);
        await TellAsync(claims[0], 0.9, 0.9);
        await Host.Scheduler.ReachedAsync(sweep.Id, claims[0].Id, 2);
        await TellAsync(claims[1], double.NaN);
        await Host.Scheduler.ReachedAsync(sweep.Id, claims[1].Id, 1);
        Assert.False(await claims[1].GetStandingAsync() == LeaseStanding.CancelRequested);

        await TellAsync(claims[2], 0.1);
        await Host.Scheduler.ReachedAsync(sweep.Id, claims[2].Id, 1);
        await claims[2].CancelledAsync();
        Assert.True((await Host.Runs.ResumeAsync(claims[2].Id)).Succeeded);
        var resumed = (await RunWorker.ClaimAsync(Host.Services, claims[2].Id, "a", Lease))!;
        await TellAsync(resumed, 0.1, 0.1);
        await Host.Scheduler.ReachedAsync(sweep.Id, resumed.Id, 2);

        Assert.False(await resumed.GetStandingAsync() == LeaseStanding.CancelRequested);
    }

    [Fact]
    public async Task Succeed_OfATrialThatWasStoppedTooLate_SaysNothingOfTheStop()
    {
        var sweep = await Host.AddSweepAsync(trials: 2, parallel: 2, factor: 2, firstEpochs: 1);
        var claims = await ClaimAsync(sweep);
        await TellAsync(claims[0], 0.9);
        await TellAsync(claims[1], 0.1);
        await Host.Scheduler.ReachedAsync(sweep.Id, claims[1].Id, 1);
        Assert.True(await claims[1].GetStandingAsync() == LeaseStanding.CancelRequested);

        await claims[1].SucceedAsync(1);

        Assert.Null((await Host.Runs.FindAsync(claims[1].Id))!.Work.Failure);
    }

    [Fact]
    public async Task BestAlias_FollowsTheBestPublishedTrial()
    {
        var sweep = await Host.AddSweepAsync(trials: 3, parallel: 3);
        var claims = await ClaimAsync(sweep);
        Assert.Empty(await Host.Models.AliasesAsync(sweep.Model));

        Assert.Equal(1, await BestAfterAsync(claims[0], 1, 0.6));
        Assert.Equal(2, await BestAfterAsync(claims[1], 2, 0.8));
        Assert.Equal(2, await BestAfterAsync(claims[2], 3, 0.7));

        async Task<int> BestAfterAsync(RunWorker claim, int version, double accuracy)
        {
            await TellAsync(claim, accuracy);
            await Host.Models.PublishAsync(sweep.Model, claim.Id, $"run {claim.Id}", null, _ => version, CancellationToken.None);
            await claim.SucceedAsync(version);
            await Host.Scheduler.AdvanceAsync(sweep.Id);
            return Assert.Single(await Host.Models.AliasesAsync(sweep.Model), alias => alias.Alias == "best").Version;
        }
    }

    [Fact]
    public async Task Cancel_OfASweep_EndsWhatWaitsAndAsksWhatRuns()
    {
        var sweep = await Host.AddSweepAsync(trials: 4, parallel: 2);
        var runs = await Host.Scheduler.AdvanceAsync(sweep.Id);
        var claim = (await RunWorker.ClaimAsync(Host.Services, runs[0], "a", Lease))!;

        Assert.True((await Host.Sweeps.CancelAsync(sweep.Id)).Succeeded);
        Assert.Empty(await Host.Scheduler.AdvanceAsync(sweep.Id));

        Assert.Equal([WorkState.Queued, WorkState.Cancelled], await Host.StatesAsync(runs[1]));
        Assert.True(await claim.GetStandingAsync() == LeaseStanding.CancelRequested);
        Assert.Equal(SweepState.Running, (await Host.Sweeps.FindAsync(sweep.Id))!.State);
        await claim.CancelledAsync();
        Assert.Empty(await Host.Scheduler.AdvanceAsync(sweep.Id));
        Assert.Equal(SweepState.Cancelled, (await Host.Sweeps.FindAsync(sweep.Id))!.State);
        Assert.True((await Host.Sweeps.CancelAsync(sweep.Id)).Succeeded);
        Assert.Equal(2, (await Host.Runs.ListAsync(10, null)).Count);
    }

    [Fact]
    public async Task Delete_OfASweep_TakesItsRunsAndNothingElse()
    {
        var other = await Host.AddRunAsync();
        var sweep = await Host.AddSweepAsync(trials: 1, parallel: 1);
        var claim = Assert.Single(await ClaimAsync(sweep));
        await TellAsync(claim, 0.5);
        Assert.Equal("sweep.active", (await Host.Sweeps.DeleteAsync(sweep.Id)).Problem?.Code);
        await claim.FailAsync(Problem.Invalid("a.b", "c"));
        await Host.Scheduler.AdvanceAsync(sweep.Id);
        Assert.Equal("sweep.finished", (await Host.Sweeps.CancelAsync(sweep.Id)).Problem?.Code);
        Assert.Equal("run.in-sweep", (await Host.Runs.DeleteAsync(claim.Id)).Problem?.Code);
        await Host.Runs.ResumeAsync(claim.Id);
        Assert.Equal("sweep.active", (await Host.Sweeps.DeleteAsync(sweep.Id)).Problem?.Code);
        await Host.Runs.CancelAsync(claim.Id);

        Assert.Equal([claim.Id], (await Host.Sweeps.DeleteAsync(sweep.Id)).Value);

        Assert.Equal([other.Id], (await Host.Runs.ListAsync(10, null)).Select(run => run.Id));
        Assert.Empty(await Host.Runs.HistoryAsync(claim.Id));
        Assert.Empty(await Host.Sweeps.TrialsAsync(sweep));
        Assert.Equal("sweep.not-found", (await Host.Sweeps.DeleteAsync(sweep.Id)).Problem?.Code);
        Assert.Equal("sweep.not-found", (await Host.Sweeps.CancelAsync(sweep.Id)).Problem?.Code);
    }

    [Fact]
    public async Task Add_BeyondTheLimitOrUnderTheSameId_MakesNoFurtherSweep()
    {
        var sweep = await Host.AddSweepAsync(trials: 2, parallel: 1);

        Assert.Equal(sweep.Id, (await Host.AddSweepAsync(trials: 2, parallel: 1, id: sweep.Id)).Id);
        var refused = await Host.Sweeps.AddAsync(StoreHost.Sweep(RunId.New(Host.Clock), 1), [], maxRunning: 1);

        Assert.Equal("sweep.too-many", refused.Problem?.Code);
        Assert.NotNull(refused.Problem?.RetryAfter);
        Assert.Equal([new TrialCount(sweep.Id, null, false, 2)], await Host.Sweeps.CountsAsync([sweep.Id]));
    }

    [Fact]
    public async Task DeleteDataset_WhileASweepIsUnderWay_IsRefused()
    {
        await Host.AddSweepAsync(trials: 1, parallel: 1);

        Assert.Equal("dataset.in-use", (await Host.Datasets.DeleteAsync("shapes")).Problem?.Code);
    }

    private static void InterlockedMax(ref int most, int value)
    {
        int known;
        while (value > (known = Volatile.Read(ref most)) && Interlocked.CompareExchange(ref most, value, known) != known)
        {
        }
    }

    /// <summary>Tells epochs by their validation accuracies; one minus that is the loss.</summary>
    private static async Task TellAsync(RunWorker claim, params double[] accuracies)
    {
        foreach (var (i, accuracy) in accuracies.Index())
        {
            Assert.True(await claim.EpochAsync(new(i + 1, 0.5, 0.5, 1 - accuracy, accuracy, 0.0001, 1, 100)));
        }
    }

    private async Task<List<RunWorker>> ClaimAsync(SweepRow sweep)
    {
        List<RunWorker> claims = [];
        foreach (var run in await Host.Scheduler.AdvanceAsync(sweep.Id))
        {
            claims.Add((await RunWorker.ClaimAsync(Host.Services, run, "a", Lease))!);
        }

        return claims;
    }
}
