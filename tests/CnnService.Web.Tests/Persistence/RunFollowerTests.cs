using CnnService.Core.Common;
using CnnService.Web.Persistence;
using Microsoft.Extensions.DependencyInjection;

namespace CnnService.Web.Tests.Persistence;

public sealed class RunFollowerTests : IAsyncLifetime
{
    private StoreHost _host = null!;

    private RunFollower Follower => _host.Services.GetRequiredService<RunFollower>();

    public async ValueTask InitializeAsync() => _host = await StoreHost.SqliteAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Follow_ByMany_ReadsTheRowsOnceForAll()
    {
        var run = await _host.AddRunAsync();
        await using var first = Follower.FollowAsync(run.Id, CancellationToken.None).GetAsyncEnumerator();
        var seen = await NextAsync(first);
        await using var second = Follower.FollowAsync(run.Id, CancellationToken.None).GetAsyncEnumerator();

        // The second starts with the latest snapshot, which may be some polls ahead of what the first has read.
        var joined = await NextAsync(second);
        for (var polls = 0; !ReferenceEquals(seen, joined) && polls < 50; polls++)
        {
            seen = await NextAsync(first);
        }

        Assert.Same(seen, joined);
        Assert.Same(await NextAsync(first), await NextAsync(second));
    }

    [Fact]
    public async Task Follow_ToTheEnd_TellsEveryEventAndEnds()
    {
        var run = await _host.AddRunAsync();
        await using var following = Follower.FollowAsync(run.Id, CancellationToken.None).GetAsyncEnumerator();
        var seen = new List<RunSnapshot> { (await NextAsync(following))! };

        var worker = (await RunWorker.ClaimAsync(_host.Services, run.Id, "a", TimeSpan.FromHours(1)))!;
        await worker.LogAsync("halfway");
        await worker.FailAsync(Problem.Unprocessable("train.diverged", "It diverged."));
        while (await NextAsync(following) is { } snapshot)
        {
            seen.Add(snapshot);
        }

        Assert.Equal(WorkState.Failed, seen[^1].Row!.Work.State);
        Assert.Equal(await _host.Runs.LastSequenceAsync(run.Id), seen[^1].LastSequence);
        Assert.Equal(
            Enumerable.Range(seen[0].LastSequence + 1, seen[^1].LastSequence - seen[0].LastSequence),
            seen.SelectMany(snapshot => snapshot.Events).Select(item => item.Sequence));
    }

    [Fact]
    public async Task Follow_OfARunThatIsGone_Ends()
    {
        await using var following = Follower.FollowAsync("gone", CancellationToken.None).GetAsyncEnumerator();

        Assert.Null((await NextAsync(following))!.Row);
        Assert.Null(await NextAsync(following));
    }

    [Fact]
    public async Task Follow_AfterAllHaveLeft_BeginsAnew()
    {
        var run = await _host.AddRunAsync();
        RunSnapshot? before;
        await using (var left = Follower.FollowAsync(run.Id, CancellationToken.None).GetAsyncEnumerator())
        {
            before = await NextAsync(left);
        }

        await using var again = Follower.FollowAsync(run.Id, CancellationToken.None).GetAsyncEnumerator();

        Assert.NotSame(before, await NextAsync(again));
    }

    /// <summary>The next snapshot, null at the end; the clock goes on until it comes.</summary>
    private async Task<RunSnapshot?> NextAsync(IAsyncEnumerator<RunSnapshot> following)
    {
        var next = following.MoveNextAsync().AsTask();
        while (!next.IsCompleted)
        {
            _host.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(next, Task.Delay(TimeSpan.FromMilliseconds(10)));
        }

        return await next ? following.Current : null;
    }
}
