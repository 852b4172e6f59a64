using CnnService.Core.Common;
using CnnService.Web.Persistence;
using CnnService.Web.Tests.Persistence;
using CnnService.Web.Work;

namespace CnnService.Web.Tests.Work;

/// <summary>What becomes of leased work of any kind, on a clock that a test advances.</summary>
public sealed class LeasedJobRunnerTests : IAsyncLifetime
{
    private static readonly TimeSpan Lease = new WorkOptions().Lease;

    private StoreHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await StoreHost.SqliteAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    public static TheoryData<Kind> Kinds => [.. Enum.GetValues<Kind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Work_ThatIsDone_IsPublishedOnce_AndOver(Kind name)
    {
        var (kind, job, id) = await BeginAsync(name);
        var published = 0;
        job.Does = _ => Task.FromResult<AttemptResult>(new AttemptResult.Done((_, _) => Task.FromResult(++published)));

        await job.RunAsync(id, CancellationToken.None);
        await job.RunAsync(id, CancellationToken.None);

        Assert.Equal((WorkState.Succeeded, 1), ((await kind.WorkAsync(id)).State, published));
        Assert.Equal([WorkState.Succeeded], job.Tidied);
        Assert.Empty(job.Jobs.Rung);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Work_InterruptedByTheDatabase_WaitsAgainAndIsNotBlamed(Kind name)
    {
        var (kind, job, id) = await BeginAsync(name);
        job.Does = _ => throw new StoreUnavailableException("away", new TimeoutException());

        await job.RunAsync(id, CancellationToken.None);

        var work = await kind.WorkAsync(id);
        Assert.Equal((WorkState.Queued, 0, 0), (work.State, work.Tries, work.TriesWithoutProgress));
        Assert.Empty(job.Tidied);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Lease_ThatIsTakenOver_StopsTheFirstAttempt_WhichPublishesNothing(Kind name)
    {
        var (kind, job, id) = await BeginAsync(name);
        var begun = new TaskCompletionSource();
        var published = false;
        job.Does = async attempt =>
        {
            begun.SetResult();
            await NeverAsync(attempt.Lost, CancellationToken.None);
            return new AttemptResult.Done((_, _) => Task.FromResult(published = true));
        };
        var first = job.RunAsync(id, CancellationToken.None);
        await begun.Task;
        await kind.RecoverAsync();
        var second = (await kind.ClaimAsync(id, "another", Lease))!;

        await AdvanceUntilAsync(first);

        Assert.False(published);
        Assert.Empty(job.Tidied);
        Assert.Equal((WorkState.Running, 2, "another"), await StandAsync(kind, id));
        Assert.True(await second.SucceedAsync(() => Task.CompletedTask));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Result_UnderAStaleFencingNumber_IsNotPublished(Kind name)
    {
        var (kind, job, id) = await BeginAsync(name);
        var published = false;
        job.Does = async attempt =>
        {
            // It never hears that it was overtaken: its process slept through it.
            await kind.RecoverAsync();
            Assert.NotNull(await kind.ClaimAsync(id, "another", Lease));
            return new AttemptResult.Done((_, _) => Task.FromResult(published = true));
        };

        await job.RunAsync(id, CancellationToken.None);

        Assert.False(published);
        Assert.Equal((WorkState.Running, 2, "another"), await StandAsync(kind, id));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Owner_ThatWasKilled_IsFollowedOnceItsLeaseIsOver(Kind name)
    {
        var (kind, job, id) = await BeginAsync(name);
        await kind.ClaimAsync(id, "dead", Lease);
        job.Does = attempt => Task.FromResult<AttemptResult>(new AttemptResult.Failed(Problem.Invalid("a.b", $"attempt {attempt.Fence}")));

        await job.EnqueueWaitingAsync();
        await job.RunAsync(id, CancellationToken.None);
        Assert.Empty(job.Jobs.Rung);
        Assert.Equal((WorkState.Running, 1, "dead"), await StandAsync(kind, id));

        _host.Clock.Advance(Lease + TimeSpan.FromMilliseconds(1));
        await job.EnqueueWaitingAsync();
        await job.RunAsync(id, CancellationToken.None);

        Assert.Equal([$"scripted:{id}"], job.Jobs.Rung);
        Assert.Equal(new StoredFailure("a.b", "attempt 2"), StoredFailure.Read((await kind.WorkAsync(id)).Failure));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Cancel_AtWork_StopsTheAttempt_AndEndsTheWork(Kind name)
    {
        var (kind, job, id) = await BeginAsync(name);
        job.Does = async attempt =>
        {
            await kind.CancelAsync(id);
            await NeverAsync(attempt.Stop, attempt.Lost);
            return new AttemptResult.Died(null);
        };

        await AdvanceUntilAsync(job.RunAsync(id, CancellationToken.None));

        Assert.Equal(WorkState.Cancelled, (await kind.WorkAsync(id)).State);
        Assert.Equal([WorkState.Cancelled], job.Tidied);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Cancel_ThatItsOwnerDidNotLiveToHear_EndsTheWorkWithoutAnAttempt(Kind name)
    {
        var (kind, job, id) = await BeginAsync(name);
        await kind.ClaimAsync(id, "dead", Lease);
        await kind.CancelAsync(id);
        await kind.RecoverAsync();

        await job.RunAsync(id, CancellationToken.None);

        Assert.Equal(WorkState.Cancelled, (await kind.WorkAsync(id)).State);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Failure_OfTheWork_IsItsEnd_AndAFullDiskTellsSo(Kind name)
    {
        var (kind, job, id) = await BeginAsync(name);
        job.Does = _ => throw DiskFullErrors.Wrap(new IOException("no space"));

        await job.RunAsync(id, CancellationToken.None);

        var work = await kind.WorkAsync(id);
        Assert.Equal((WorkState.Failed, "storage.full"), (work.State, StoredFailure.Read(work.Failure)!.Code));
        Assert.Equal([WorkState.Failed], job.Tidied);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Shutdown_GivesTheWorkBack_AndBlamesNobody(Kind name)
    {
        var (kind, job, id) = await BeginAsync(name);
        using var shutdown = new CancellationTokenSource();
        job.Does = async attempt =>
        {
            await shutdown.CancelAsync();
            await NeverAsync(attempt.Stop, attempt.Lost);
            return new AttemptResult.Died(null);
        };

        await job.RunAsync(id, shutdown.Token);

        var work = await kind.WorkAsync(id);
        Assert.Equal((WorkState.Queued, 0, 0), (work.State, work.Tries, work.TriesWithoutProgress));
        Assert.Equal([new WaitingWork(id, 1)], await kind.ClaimableAsync());
        Assert.Empty(job.Jobs.Rung);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Row_ThatIsDeletedAtWork_StopsTheAttempt_AndIsTidiedUp(Kind name)
    {
        var (kind, job, id) = await BeginAsync(name);
        job.Does = async attempt =>
        {
            await kind.DeleteAsync(id);
            return new AttemptResult.Done((_, _) => throw new InvalidOperationException("published what is gone"));
        };

        await job.RunAsync(id, CancellationToken.None);

        Assert.Equal([null], job.Tidied);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task SecondJob_OfTheSameWork_DoesNothingInTheSameProcess_EvenWhereTheLeaseIsOver(Kind name)
    {
        var (kind, job, id) = await BeginAsync(name);
        var goesOn = new TaskCompletionSource();
        var attempts = 0;
        job.Does = async _ =>
        {
            attempts++;
            await goesOn.Task;
            return new AttemptResult.Done((_, _) => Task.CompletedTask);
        };
        var first = job.RunAsync(id, CancellationToken.None);
        await kind.RecoverAsync();

        await job.EnqueueWaitingAsync();
        await job.RunAsync(id, CancellationToken.None);

        Assert.Empty(job.Jobs.Rung);
        goesOn.SetResult();
        await first;
        Assert.Equal((WorkState.Succeeded, 1), ((await kind.WorkAsync(id)).State, attempts));
    }

    private async Task<(LeasedKind Kind, ScriptedJob Job, string Id)> BeginAsync(Kind name)
    {
        var kind = LeasedKind.Of(name, _host);
        return (kind, ScriptedJob.Of(name, _host), await kind.AddAsync());
    }

    private static async Task<(WorkState State, int Fence, string? Owner)> StandAsync(LeasedKind kind, string id)
    {
        var work = await kind.WorkAsync(id);
        return (work.State, work.Fence, work.Owner);
    }

    /// <summary>Until one of them fires.</summary>
    private static async Task NeverAsync(CancellationToken one, CancellationToken other)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(one, other);
        await Task.Delay(Timeout.InfiniteTimeSpan, either.Token);
    }

    /// <summary>Lets time go on in half seconds, as fast as the work follows, until it is over.</summary>
    private async Task AdvanceUntilAsync(Task work)
    {
        while (!work.IsCompleted)
        {
            _host.Clock.Advance(TimeSpan.FromSeconds(0.5));
            await Task.WhenAny(work, Task.Delay(10));
        }

        await work;
    }
}
