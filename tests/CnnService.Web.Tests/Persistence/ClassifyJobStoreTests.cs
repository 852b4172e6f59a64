using CnnService.Core.Common;
using CnnService.Web.Persistence;

namespace CnnService.Web.Tests.Persistence;

public sealed class SqliteClassifyJobStoreTests : ClassifyJobStoreTests
{
    private protected override Task<StoreHost> OpenAsync() => StoreHost.SqliteAsync();
}

public sealed class PostgresClassifyJobStoreTests(PostgresServer server) : ClassifyJobStoreTests
{
    private protected override Task<StoreHost> OpenAsync() => StoreHost.PostgresAsync(server);
}

public abstract class ClassifyJobStoreTests : IAsyncLifetime
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    private StoreHost _host = null!;

    private protected abstract Task<StoreHost> OpenAsync();

    public async ValueTask InitializeAsync() => _host = await OpenAsync();

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Claim_ByManyAtOnce_IsHadByOne()
    {
        var id = await AddAsync();

        var claims = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => Task.Run(() => _host.ClassifyJobs.ClaimAsync(id, $"worker {i}", Lease))));

        var claim = Assert.Single(claims, claim => claim is not null)!;
        Assert.True(await claim.ProgressAsync(3, 12.5));
        Assert.True(await claim.SucceedAsync());
        var row = (await _host.ClassifyJobs.FindAsync(id))!;
        Assert.Equal((ClassifyJobState.Succeeded, 10, 12.5), (row.State, row.Done, row.ImagesPerSecond));
        Assert.Equal(_host.Clock.GetUtcNow(), row.FinishedAt);
        Assert.Empty(await _host.ClassifyJobs.ClaimableAsync());
    }

    [Fact]
    public async Task Claim_TakenOver_FencesTheFirst()
    {
        var id = await AddAsync();
        var first = (await _host.ClassifyJobs.ClaimAsync(id, "a", Lease))!;
        Assert.Empty(await _host.ClassifyJobs.ClaimableAsync());
        await _host.ClassifyJobs.ReleaseAllAsync();
        Assert.Equal([new WaitingWork(id, 1)], await _host.ClassifyJobs.ClaimableAsync());
        var second = (await _host.ClassifyJobs.ClaimAsync(id, "b", Lease))!;

        Assert.False(await first.ProgressAsync(5, null));
        Assert.False(await first.SucceedAsync());
        Assert.True(await second.FailAsync(Problem.NotFound("x.y", "gone")));
        Assert.Contains("x.y", (await _host.ClassifyJobs.FindAsync(id))!.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Claim_AgainAndAgain_CountsTriesWithoutProgress()
    {
        var id = await AddAsync();
        for (var i = 1; i <= 3; i++)
        {
            Assert.Equal(i, (await DieAsync(id, done: 0)).Row.Tries);
        }

        Assert.Equal(4, (await DieAsync(id, done: 4)).Row.Tries);
        Assert.Equal(1, (await DieAsync(id, done: 4)).Row.Tries);
        Assert.Equal(2, (await _host.ClassifyJobs.ClaimAsync(id, "last", Lease))!.Row.Tries);
    }

    [Fact]
    public async Task Release_AtAShutdown_QueuesItAndDoesNotCount()
    {
        var id = await AddAsync();
        for (var i = 0; i < 4; i++)
        {
            var claim = (await _host.ClassifyJobs.ClaimAsync(id, $"{i}", Lease))!;
            Assert.Equal(1, claim.Row.Tries);
            Assert.True(await claim.ReleaseAsync());
            Assert.Equal(ClassifyJobState.Queued, (await _host.ClassifyJobs.FindAsync(id))!.State);
        }
    }

    [Fact]
    public async Task Cancel_AtWork_LosesTheClaim_AndAFinishedOneIsAConflict()
    {
        var id = await AddAsync();
        var claim = (await _host.ClassifyJobs.ClaimAsync(id, "a", Lease))!;

        Assert.True((await _host.ClassifyJobs.CancelAsync(id)).Succeeded);
        Assert.True((await _host.ClassifyJobs.CancelAsync(id)).Succeeded);

        Assert.False(await claim.RenewAsync());
        Assert.Empty(await _host.ClassifyJobs.ClaimableAsync());
        var over = await AddAsync();
        await (await _host.ClassifyJobs.ClaimAsync(over, "a", Lease))!.SucceedAsync();
        Assert.Equal("classify-job.finished", (await _host.ClassifyJobs.CancelAsync(over)).Problem?.Code);
        Assert.Equal("classify-job.not-found", (await _host.ClassifyJobs.CancelAsync("none")).Problem?.Code);
    }

    [Fact]
    public async Task Add_WhereTooManyWait_IsUnavailable_AndTheSameIdIsTheSameJob()
    {
        var id = await AddAsync();

        var refused = await _host.ClassifyJobs.AddAsync(Row(RunId.New(_host.Clock)), mostQueued: 1);

        Assert.Equal(("classify-job.queue-full", true), (refused.Problem?.Code, refused.Problem?.RetryAfter > TimeSpan.Zero));
        Assert.Equal(id, (await _host.ClassifyJobs.AddAsync(Row(id), mostQueued: 9)).Value.Id);
        Assert.Single(await _host.ClassifyJobs.ListAsync(10, null));
    }

    [Fact]
    public async Task DeleteDataset_ThatAJobReads_IsAConflict()
    {
        await _host.Datasets.CreateAsync(new() { Name = "d", Origin = Core.Datasets.DatasetOrigin.Sample, Source = "shapes", Folder = "/none" });
        await (await _host.Datasets.ClaimAsync("d", "a", Lease))!.ReadyAsync();
        var id = await AddAsync();

        Assert.Equal("dataset.in-use", (await _host.Datasets.DeleteAsync("d")).Problem?.Code);

        await _host.ClassifyJobs.CancelAsync(id);
        Assert.True((await _host.Datasets.DeleteAsync("d")).Succeeded);
    }

    /// <summary>A worker that got so far, and died.</summary>
    private async Task<ClassifyJobClaim> DieAsync(string id, int done)
    {
        var claim = (await _host.ClassifyJobs.ClaimAsync(id, "dead", Lease))!;
        Assert.True(await claim.ProgressAsync(done, null));
        await _host.ClassifyJobs.ReleaseAllAsync();
        return claim;
    }

    private async Task<string> AddAsync() => (await _host.ClassifyJobs.AddAsync(Row(RunId.New(_host.Clock)), 100)).Value.Id;

    private static ClassifyJobRow Row(string id) => new() { Id = id, Model = "m", Version = 1, Dataset = "d", Digest = "0", Total = 10 };
}
