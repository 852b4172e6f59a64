using CnnService.Web.Persistence;
using CnnService.Web.Tests.Persistence;
using CnnService.Web.Work;

namespace CnnService.Web.Tests.Work;

/// <summary>Leased work of any kind whose attempts die: the pauses between them, and its end; on a clock that a test advances.</summary>
public sealed class LeasedWorkDeathTests : IAsyncLifetime
{
    private static readonly TimeSpan Lease = new WorkOptions().Lease;

    private StoreHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await StoreHost.SqliteAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    public static TheoryData<Kind> Kinds => [.. Enum.GetValues<Kind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Work_InterruptedAgainAndAgain_IsPausedLongerEachTime_AndNeverGivenUp(Kind name)
    {
        var (kind, job, id) = await BeginAsync(name);
        job.Does = _ => throw new StoreUnavailableException("away", new TimeoutException());
        double[] pauses = [2, 4, 8, 16, 32, 64, 128, 256, 300, 300];
        foreach (var pause in pauses)
        {
            await job.RunAsync(id, CancellationToken.None);
            await IsPausedAsync(kind, id, TimeSpan.FromSeconds(pause));
        }

        job.Does = _ => Task.FromResult<AttemptResult>(new AttemptResult.Done((_, _) => Task.CompletedTask));
        await job.RunAsync(id, CancellationToken.None);

        var work = await kind.WorkAsync(id);
        Assert.Equal((WorkState.Succeeded, pauses.Length + 1, 1), (work.State, work.Fence, work.Tries));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Death_OfEachAttempt_IsTriedAgainAfterAPause_AndGivenUpInTheEndWithTheLastWords(Kind name)
    {
        var (kind, job, id) = await BeginAsync(name);
        var attempts = 0;
        job.Does = _ => ++attempts % 2 == 1
            ? Task.FromResult<AttemptResult>(new AttemptResult.Died($"Segmentation fault {attempts}"))
            : throw new InvalidOperationException("a bug");
        Assert.Equal(3, ScriptedJob.MaxTries);
        for (var pause = 2; pause <= 4; pause *= 2)
        {
            await job.RunAsync(id, CancellationToken.None);
            Assert.Equal(WorkState.Queued, (await kind.WorkAsync(id)).State);
            await IsPausedAsync(kind, id, TimeSpan.FromSeconds(pause));
        }

        await job.RunAsync(id, CancellationToken.None);

        Assert.Equal(3, attempts);
        Assert.Empty(job.Jobs.Rung);
        Assert.Equal([WorkState.Failed], job.Tidied);
        Assert.Equal(
            new StoredFailure("work.crash-loop",
                $"It died 3 times. Its last words, on the worker {Environment.MachineName}/{Environment.ProcessId}: Segmentation fault 3"),
            StoredFailure.Read((await kind.WorkAsync(id)).Failure));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Death_AfterProgress_IsResumedAtOnce(Kind name)
    {
        var (kind, job, id) = await BeginAsync(name);
        job.Does = async _ =>
        {
            await kind.ProgressAsync(id);
            return new AttemptResult.Died("gone");
        };

        await job.RunAsync(id, CancellationToken.None);

        Assert.Equal([$"scripted:{id}"], job.Jobs.Rung);
        Assert.Equal([new WaitingWork(id, 1)], await kind.ClaimableAsync());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Death_ThatKilledTheServiceToo_IsToldAtTheNextClaim(Kind name)
    {
        var (kind, job, id) = await BeginAsync(name);
        for (var tries = 1; tries <= ScriptedJob.MaxTries; tries++)
        {
            Assert.NotNull(await kind.ClaimAsync(id, "dead", Lease));
            await kind.RecoverAsync();
        }

        await job.RunAsync(id, CancellationToken.None);

        Assert.Equal(new StoredFailure("work.crash-loop", "It died 3 times."), StoredFailure.Read((await kind.WorkAsync(id)).Failure));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Cancellation_ThatNobodyAskedFor_CountsAsADeath(Kind name)
    {
        var (kind, job, id) = await BeginAsync(name);
        job.Does = _ => throw new TaskCanceledException("a time limit inside");

        await job.RunAsync(id, CancellationToken.None);

        var work = await kind.WorkAsync(id);
        Assert.Equal((WorkState.Queued, 1, 1), (work.State, work.Tries, work.TriesWithoutProgress));
        await IsPausedAsync(kind, id, TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task Pause_OfAClockThatWasSetBackSince_IsNotWaitedFor()
    {
        var (kind, job, id) = await BeginAsync(Kind.Training);
        job.Does = _ => Task.FromResult<AttemptResult>(new AttemptResult.Died("gone"));
        await job.RunAsync(id, CancellationToken.None);
        Assert.Empty(await kind.ClaimableAsync());

        _host.Clock.AdjustTime(_host.Clock.GetUtcNow().AddDays(-1));

        Assert.Equal(id, Assert.Single(await kind.ClaimableAsync()).Id);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Death_OfWorkThatIsToBeCancelled_EndsItAsCancelled(Kind name)
    {
        var (kind, job, id) = await BeginAsync(name);
        job.Does = async _ =>
        {
            await kind.CancelAsync(id);
            return new AttemptResult.Died("gone");
        };

        await job.RunAsync(id, CancellationToken.None);

        Assert.Equal(WorkState.Cancelled, (await kind.WorkAsync(id)).State);
    }

    private async Task<(LeasedKind Kind, ScriptedJob Job, string Id)> BeginAsync(Kind name)
    {
        var kind = LeasedKind.Of(name, _host);
        return (kind, ScriptedJob.Of(name, _host), await kind.AddAsync());
    }

    /// <summary>The work may not be claimed before the pause is over, and then it may.</summary>
    private async Task IsPausedAsync(LeasedKind kind, string id, TimeSpan pause)
    {
        Assert.Empty(await kind.ClaimableAsync());
        _host.Clock.Advance(pause - TimeSpan.FromMilliseconds(1));
        Assert.Empty(await kind.ClaimableAsync());
        Assert.Null(await kind.ClaimAsync(id, "early", Lease));
        _host.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(id, Assert.Single(await kind.ClaimableAsync()).Id);
    }
}
