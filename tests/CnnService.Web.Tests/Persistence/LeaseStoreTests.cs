using CnnService.Core.Common;
using CnnService.Web.Persistence;

namespace CnnService.Web.Tests.Persistence;

public sealed class SqliteLeaseStoreTests() : LeaseStoreTests(null);

public sealed class PostgresLeaseStoreTests(PostgresServer server) : LeaseStoreTests(server);

/// <summary>What holds for a lease on any kind of work.</summary>
public abstract class LeaseStoreTests(PostgresServer? server) : DatabaseTests(server)
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(Kind.Training)]
    [InlineData(Kind.Import)]
    [InlineData(Kind.Comparison)]
    [InlineData(Kind.Classification)]
    public async Task Claim_ByManyAtOnce_IsHadByOne_UnderTheFirstFencingNumber(Kind name)
    {
        var kind = LeasedKind.Of(name, Host);
        var id = await kind.AddAsync();

        var claims = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => Task.Run(() => kind.ClaimAsync(id, $"worker {i}", Lease))));

        var work = Assert.Single(claims, claim => claim is not null)!.Work;
        Assert.Equal((WorkState.Running, 1, 1, 1), (work.State, work.Fence, work.Tries, work.TriesWithoutProgress));
        Assert.Empty(await kind.ClaimableAsync());
    }

    [Theory]
    [InlineData(Kind.Training)]
    [InlineData(Kind.Import)]
    [InlineData(Kind.Comparison)]
    [InlineData(Kind.Classification)]
    public async Task Claim_TakenOver_HasTheNextNumber_AndTheFirstOwnerWritesAndPublishesNothing(Kind name)
    {
        var kind = LeasedKind.Of(name, Host);
        var id = await kind.AddAsync();
        var first = (await kind.ClaimAsync(id, "a", Lease))!;
        await kind.RecoverAsync();
        Assert.Equal([new WaitingWork(id, 1)], await kind.ClaimableAsync());

        var second = (await kind.ClaimAsync(id, "a", Lease))!; // Even of the same name.

        Assert.Equal(2, second.Work.Fence);
        var published = false;
        bool[] written =
        [
            await first.RenewAsync(),
            await first.ReleaseAsync(blameless: true),
            await first.CancelledAsync(),
            await first.FailAsync(Problem.Invalid("a.b", "c")),
            await first.SucceedAsync(() =>
            {
                published = true;
                return Task.CompletedTask;
            }),
        ];
        Assert.All(written, Assert.False);
        Assert.False(published);
        Assert.Equal((LeaseStanding.Lost, LeaseStanding.Held), (await first.GetStandingAsync(), await second.GetStandingAsync()));
        Assert.True(await second.SucceedAsync(() => Task.CompletedTask));
    }

    [Theory]
    [InlineData(Kind.Training)]
    [InlineData(Kind.Import)]
    [InlineData(Kind.Comparison)]
    [InlineData(Kind.Classification)]
    public async Task Lease_ThatRanOut_IsRenewedAfterAll_WhereNobodyElseClaimed(Kind name)
    {
        var kind = LeasedKind.Of(name, Host);
        var id = await kind.AddAsync();
        var claim = (await kind.ClaimAsync(id, "a", Lease))!;
        await kind.RecoverAsync();

        Assert.True(await claim.RenewAsync());

        Assert.Empty(await kind.ClaimableAsync());
        Assert.Null(await kind.ClaimAsync(id, "b", Lease));
    }

    [Theory]
    [InlineData(Kind.Training)]
    [InlineData(Kind.Import)]
    [InlineData(Kind.Comparison)]
    [InlineData(Kind.Classification)]
    public async Task Succeed_WhosePublicationFails_ChangesNothing(Kind name)
    {
        var kind = LeasedKind.Of(name, Host);
        var id = await kind.AddAsync();
        var claim = (await kind.ClaimAsync(id, "a", Lease))!;

        await Assert.ThrowsAsync<IOException>(() => claim.SucceedAsync(() => throw new IOException("The folder cannot be moved.")));

        Assert.Equal(WorkState.Running, (await kind.WorkAsync(id)).State);
        Assert.True(await claim.SucceedAsync(() => Task.CompletedTask));
        var work = await kind.WorkAsync(id);
        Assert.Equal((WorkState.Succeeded, Host.Clock.GetUtcNow(), null), (work.State, work.FinishedAt, work.Failure));
    }

    [Theory]
    [InlineData(Kind.Training)]
    [InlineData(Kind.Import)]
    [InlineData(Kind.Comparison)]
    [InlineData(Kind.Classification)]
    public async Task Release_AtAShutdown_IsNoTry_AndAfterADeathIsOne(Kind name)
    {
        var kind = LeasedKind.Of(name, Host);
        var id = await kind.AddAsync();
        for (var shutdowns = 0; shutdowns < 3; shutdowns++)
        {
            var stopped = (await kind.ClaimAsync(id, "a", Lease))!;
            Assert.Equal((1, 1), (stopped.Work.Tries, stopped.Work.TriesWithoutProgress));
            Assert.True(await stopped.ReleaseAsync(blameless: true));
            Assert.Equal(WorkState.Queued, (await kind.WorkAsync(id)).State);
        }

        Assert.True(await (await kind.ClaimAsync(id, "a", Lease))!.ReleaseAsync(blameless: false));
        var next = (await kind.ClaimAsync(id, "a", Lease))!.Work;
        Assert.Equal((5, 2, 2), (next.Fence, next.Tries, next.TriesWithoutProgress));
    }

    [Theory]
    [InlineData(Kind.Training)]
    [InlineData(Kind.Import)]
    [InlineData(Kind.Comparison)]
    [InlineData(Kind.Classification)]
    public async Task Release_WithAPause_HoldsTheWorkBack_UntilAUserAsksForItAgain(Kind name)
    {
        var kind = LeasedKind.Of(name, Host);
        var id = await kind.AddAsync();
        Assert.True(await (await kind.ClaimAsync(id, "a", Lease))!.ReleaseAsync(blameless: false, TimeSpan.FromMinutes(5)));
        Assert.Empty(await kind.ClaimableAsync());
        Assert.Null(await kind.ClaimAsync(id, "b", Lease));

        await kind.CancelAsync(id);
        Assert.True(await kind.ResumeAsync(id));

        Assert.NotNull(await kind.ClaimAsync(id, "b", Lease));
    }

    [Theory]
    [InlineData(Kind.Training)]
    [InlineData(Kind.Import)]
    [InlineData(Kind.Comparison)]
    [InlineData(Kind.Classification)]
    public async Task Cancel_EndsWhatIsQueued_AndTellsWhoeverWorks(Kind name)
    {
        var kind = LeasedKind.Of(name, Host);
        var (queued, running) = (await kind.AddAsync(), await kind.AddAsync());
        var claim = (await kind.ClaimAsync(running, "a", Lease))!;
        Assert.Equal(LeaseStanding.Held, await claim.GetStandingAsync());

        await kind.CancelAsync(queued);
        await kind.CancelAsync(running);

        Assert.Equal((WorkState.Cancelled, WorkState.Running),
            ((await kind.WorkAsync(queued)).State, (await kind.WorkAsync(running)).State));
        Assert.Equal(LeaseStanding.CancelRequested, await claim.GetStandingAsync());
        Assert.True(await claim.CancelledAsync());
        Assert.Null(await kind.ClaimAsync(running, "b", Lease));
        Assert.True(await kind.ResumeAsync(running));
        Assert.False((await kind.ClaimAsync(running, "b", Lease))!.Work.CancelRequested);
    }

    [Theory]
    [InlineData(Kind.Training)]
    [InlineData(Kind.Import)]
    [InlineData(Kind.Comparison)]
    [InlineData(Kind.Classification)]
    public async Task Fail_KeepsTheProblem_UntilItIsResumed(Kind name)
    {
        var kind = LeasedKind.Of(name, Host);
        var id = await kind.AddAsync();

        Assert.True(await (await kind.ClaimAsync(id, "a", Lease))!.FailAsync(Problem.Invalid("a.b", "c")));

        Assert.Equal(new StoredFailure("a.b", "c"), StoredFailure.Read((await kind.WorkAsync(id)).Failure));
        Assert.True(await kind.ResumeAsync(id));
        var work = await kind.WorkAsync(id);
        Assert.Equal((WorkState.Queued, null, null, 0), (work.State, work.Failure, work.FinishedAt, work.Tries));
    }

    [Theory]
    [InlineData(Kind.Training)]
    [InlineData(Kind.Import)]
    [InlineData(Kind.Comparison)]
    [InlineData(Kind.Classification)]
    public async Task Row_ThatIsDeleted_IsLostToItsWorker(Kind name)
    {
        var kind = LeasedKind.Of(name, Host);
        var id = await kind.AddAsync();
        var claim = (await kind.ClaimAsync(id, "a", Lease))!;

        await kind.DeleteAsync(id);

        Assert.Equal(LeaseStanding.Lost, await claim.GetStandingAsync());
        Assert.False(await claim.RenewAsync());
    }
}
