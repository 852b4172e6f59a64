using CnnService.Core.Common;
using CnnService.Core.Training;
using CnnService.Web.Persistence;

namespace CnnService.Web.Tests.Persistence;

public sealed class SqliteRunStoreTests() : RunStoreTests(null);

public sealed class PostgresRunStoreTests(PostgresServer server) : RunStoreTests(server);

public abstract class RunStoreTests(PostgresServer? server) : DatabaseTests(server)
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Add_BeyondTheLimit_IsRefusedAndSaysWhenToRetry()
    {
        await Host.AddRunAsync(maxQueued: 1);

        var second = await Host.TryAddRunAsync(maxQueued: 1);

        Assert.Equal("run.queue-full", second.Problem?.Code);
        Assert.NotNull(second.Problem?.RetryAfter);
        Assert.Single(await Host.Runs.ListAsync(10, null));
    }

    [Fact]
    public async Task Add_SameIdAgain_IsTheSameRun()
    {
        var first = await Host.AddRunAsync();
        await RunWorker.ClaimAsync(Host.Services, first.Id, "a", Lease);

        var again = await Host.AddRunAsync(first.Id);

        Assert.Equal(WorkState.Running, again.Work.State);
        Assert.Single(await Host.Runs.ListAsync(10, null));
        Assert.Equal([WorkState.Queued, WorkState.Running], await Host.StatesAsync(first.Id));
    }

    [Fact]
    public async Task List_PageByPage_GivesEachRunOnceNewestFirst()
    {
        var ids = new List<string>();
        for (var i = 0; i < 7; i++, Host.Clock.Advance(TimeSpan.FromMilliseconds(1)))
        {
            ids.Add((await Host.AddRunAsync()).Id);
        }

        var read = new List<string>();
        while (await Host.Runs.ListAsync(3, read.LastOrDefault()) is { Count: > 0 } page)
        {
            read.AddRange(page.Select(run => run.Id));
        }

        Assert.Equal(Enumerable.Reverse(ids), read);
    }

    [Fact]
    public async Task Claim_ByTwoOwnersAtOnce_GivesEachRunToOne()
    {
        const int Count = 200;
        var ids = new List<string>();
        for (var i = 0; i < Count; i++)
        {
            ids.Add((await Host.AddRunAsync()).Id);
        }

        async Task<List<string>> ClaimAllAsync(string owner)
        {
            var mine = new List<string>();
            foreach (var id in ids)
            {
                if (await RunWorker.ClaimAsync(Host.Services, id, owner, Lease) is not null)
                {
                    mine.Add(id);
                }
            }

            return mine;
        }

        var claimed = await Task.WhenAll(Task.Run(() => ClaimAllAsync("a")), Task.Run(() => ClaimAllAsync("b")));

        Assert.Equal(ids.Order(StringComparer.Ordinal), claimed.SelectMany(mine => mine).Order(StringComparer.Ordinal));
        Assert.All(await Host.Runs.ListAsync(Count, null), run => Assert.Equal(1, run.Work.Fence));
        Assert.Equal([WorkState.Queued, WorkState.Running], await Host.StatesAsync(ids[Count / 2]));
    }

    [Fact]
    public async Task Claim_WhileAnotherHoldsTheLease_IsRefused()
    {
        var run = await Host.AddRunAsync();
        Assert.NotNull(await RunWorker.ClaimAsync(Host.Services, run.Id, "a", Lease));

        Assert.Null(await RunWorker.ClaimAsync(Host.Services, run.Id, "b", Lease));
        Assert.Empty(await Host.RunLeases.ClaimableAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Claim_AfterTheLeaseRanOut_TakesOverAndFencesTheFirstOwner()
    {
        var run = await Host.AddRunAsync();
        var first = (await RunWorker.ClaimAsync(Host.Services, run.Id, "a", Brief))!;
        await RunOutAsync();

        Assert.Equal([new WaitingWork(run.Id, 1)], await Host.RunLeases.ClaimableAsync(CancellationToken.None));
        var second = (await RunWorker.ClaimAsync(Host.Services, run.Id, "b", Lease))!;

        Assert.Equal(2, second.Claim.Fence);
        Assert.Equal(LeaseStanding.Lost, await first.GetStandingAsync());
        bool[] written =
        [
            await first.RenewAsync(),
            await first.StartedAsync("cuda:0", Precision.Bfloat16),
            await first.ProgressAsync(new StepProgress(9, 9, 9, 9, 9)),
            await first.EpochAsync(Figures(9)),
            await first.CheckpointAsync(),
            await first.LogAsync("still here"),
            await first.RequeueAsync(blameless: true),
            await first.CancelledAsync(),
            await first.FailAsync(Problem.Invalid("a.b", "c")),
            await first.SucceedAsync(7),
        ];
        Assert.All(written, Assert.False);
        Assert.Empty(await Host.Runs.HistoryAsync(run.Id));
        Assert.Equal([WorkState.Queued, WorkState.Running, WorkState.Running], await Host.StatesAsync(run.Id));
        var row = (await Host.Runs.FindAsync(run.Id))!;
        Assert.Equal((WorkState.Running, "b", 0, null, null), (row.Work.State, row.Work.Owner, row.Epoch, row.Device, row.Version));
        Assert.True(await second.SucceedAsync(1));
    }

    [Fact]
    public async Task Renew_BeforeTheLeaseRunsOut_KeepsOthersAway()
    {
        var run = await Host.AddRunAsync();
        var claim = (await RunWorker.ClaimAsync(Host.Services, run.Id, "a", Lease))!;
        for (var i = 0; i < 5; i++)
        {
            Host.Clock.Advance(Lease * 0.9);
            Assert.True(await claim.RenewAsync());
        }

        Assert.Null(await RunWorker.ClaimAsync(Host.Services, run.Id, "b", Lease));
    }

    [Fact]
    public async Task Claim_OnPostgresWithAJumpingProcessClock_GoesByTheDatabasesClock()
    {
        Assert.SkipUnless(Host.IsPostgres, "the embedded database has no clock of its own");
        var run = await Host.AddRunAsync();
        await RunWorker.ClaimAsync(Host.Services, run.Id, "a", Lease);

        Host.Clock.Advance(TimeSpan.FromDays(1));

        Assert.Empty(await Host.RunLeases.ClaimableAsync(CancellationToken.None));
        Assert.Null(await RunWorker.ClaimAsync(Host.Services, run.Id, "b", Lease));
    }

    [Fact]
    public async Task ReleaseAll_AfterARestart_MakesRunningRunsClaimableAtOnce()
    {
        var run = await Host.AddRunAsync();
        await RunWorker.ClaimAsync(Host.Services, run.Id, "a", Lease);

        await Host.RunLeases.RecoverAsync(CancellationToken.None);

        Assert.NotNull(await RunWorker.ClaimAsync(Host.Services, run.Id, "b", Lease));
    }

    [Fact]
    public async Task Tries_CountDeathsButNotShutdowns_AndBeginAnewAtAResume()
    {
        var id = (await Host.AddRunAsync()).Id;

        async Task<(int Tries, int Barren)> AttemptAsync(Func<RunWorker, Task<bool>> end)
        {
            var claim = (await RunWorker.ClaimAsync(Host.Services, id, "a", Lease))!;
            Assert.True(await end(claim));
            return (claim.Claim.Row.Work.Tries, claim.Claim.Row.Work.TriesWithoutProgress);
        }

        Assert.Equal((1, 1), await AttemptAsync(claim => claim.RequeueAsync(blameless: true)));
        Assert.Equal((1, 1), await AttemptAsync(claim => claim.RequeueAsync(blameless: false)));
        Assert.Equal((2, 2),
            await AttemptAsync(async claim => await claim.CheckpointAsync() && await claim.RequeueAsync(blameless: false)));
        Assert.Equal((3, 1), await AttemptAsync(claim => claim.FailAsync(Problem.Invalid("a.b", "c"))));
        Assert.True((await Host.Runs.ResumeAsync(id)).Succeeded);
        Assert.Equal((1, 1), await AttemptAsync(claim => claim.SucceedAsync(1)));
        Assert.Equal(5, (await Host.Runs.FindAsync(id))!.Work.Fence);
    }

    [Fact]
    public async Task Epoch_ToldTwice_IsOneRowWithTheNewestFiguresAndOneEvent()
    {
        var run = await Host.AddRunAsync();
        var claim = (await RunWorker.ClaimAsync(Host.Services, run.Id, "a", Lease))!;

        await claim.EpochAsync(Figures(1));
        await claim.EpochAsync(Figures(1) with { Loss = 0.25, ValidationLoss = double.NaN });

        var epoch = Assert.Single(await Host.Runs.HistoryAsync(run.Id));
        Assert.Equal((0.25, null), (epoch.Loss, epoch.ValidationLoss));
        Assert.Single(await Host.Runs.EventsAsync(run.Id, 0, 100), row => row.Kind == RunEvents.EpochKind);
    }

    [Fact]
    public async Task Events_OfWritersAtOnce_AreNumberedWithoutGap()
    {
        var run = await Host.AddRunAsync();
        var claim = (await RunWorker.ClaimAsync(Host.Services, run.Id, "a", Lease))!;

        await Task.WhenAll(Enumerable.Range(0, 4).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < 10; i++)
            {
                Assert.True(await claim.LogAsync($"{writer}/{i}"));
            }
        })));

        Assert.Equal(Enumerable.Range(1, 42), (await Host.Runs.EventsAsync(run.Id, 0, 100)).Select(row => row.Sequence));
        Assert.Equal([41, 42], (await Host.Runs.EventsAsync(run.Id, 40, 100)).Select(row => row.Sequence));
    }

    [Fact]
    public async Task Cancel_OfAQueuedRun_EndsItAtOnceAndTwiceIsFine()
    {
        var run = await Host.AddRunAsync();

        Assert.Equal(WorkState.Cancelled, (await Host.Runs.CancelAsync(run.Id)).Value.Work.State);
        Assert.Equal(WorkState.Cancelled, (await Host.Runs.CancelAsync(run.Id)).Value.Work.State);

        Assert.Null(await RunWorker.ClaimAsync(Host.Services, run.Id, "a", Lease));
        Assert.Equal([WorkState.Queued, WorkState.Cancelled], await Host.StatesAsync(run.Id));
    }

    [Fact]
    public async Task Cancel_OfARunningRun_IsSeenByItsWorker()
    {
        var run = await Host.AddRunAsync();
        var claim = (await RunWorker.ClaimAsync(Host.Services, run.Id, "a", Lease))!;

        Assert.Equal(WorkState.Running, (await Host.Runs.CancelAsync(run.Id)).Value.Work.State);

        Assert.Equal(LeaseStanding.CancelRequested, await claim.GetStandingAsync());
    }

    [Fact]
    public async Task CancelResumeDelete_OfAnUnknownRun_AreNotFound()
    {
        Assert.Equal("run.not-found", (await Host.Runs.CancelAsync("x")).Problem?.Code);
        Assert.Equal("run.not-found", (await Host.Runs.ResumeAsync("x")).Problem?.Code);
        Assert.Equal("run.not-found", (await Host.Runs.DeleteAsync("x")).Problem?.Code);
    }

    [Fact]
    public async Task Delete_OfAFinishedRun_TakesItsHistoryAndEvents()
    {
        var run = await Host.AddRunAsync();
        var other = await Host.AddRunAsync();
        var claim = (await RunWorker.ClaimAsync(Host.Services, run.Id, "a", Lease))!;
        await claim.EpochAsync(Figures(1));
        Assert.Equal("run.active", (await Host.Runs.DeleteAsync(run.Id)).Problem?.Code);
        await claim.SucceedAsync(1);

        Assert.True((await Host.Runs.DeleteAsync(run.Id)).Succeeded);

        Assert.Null(await Host.Runs.FindAsync(run.Id));
        Assert.Empty(await Host.Runs.HistoryAsync(run.Id));
        Assert.Empty(await Host.Runs.EventsAsync(run.Id, 0, 10));
        Assert.NotNull(await Host.Runs.FindAsync(other.Id));
    }

    private static EpochMetrics Figures(int epoch) => new(epoch, 0.5, 0.75, 0.6, 0.7, 0.0001, 1.5, 100);

    /// <summary>A lease that <see cref="RunOutAsync"/> ends: real time on PostgreSQL, whose clock cannot be moved.</summary>
    private TimeSpan Brief => Host.IsPostgres ? TimeSpan.FromMilliseconds(200) : Lease;

    private Task RunOutAsync()
    {
        Host.Clock.Advance(Lease + TimeSpan.FromSeconds(1));
        return Host.IsPostgres ? Task.Delay(400) : Task.CompletedTask;
    }
}
