using CnnService.Web.Persistence;
using Microsoft.Extensions.DependencyInjection;

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
    public async Task Claim_AgainAndAgain_CountsTriesWithoutProgress()
    {
        var id = await AddAsync();
        for (var i = 1; i <= 3; i++)
        {
            Assert.Equal(i, (await DieAsync(id, done: 0)).Row.Work.TriesWithoutProgress);
        }

        Assert.Equal(4, (await DieAsync(id, done: 4)).Row.Work.TriesWithoutProgress);
        Assert.Equal(1, (await DieAsync(id, done: 4)).Row.Work.TriesWithoutProgress);
        Assert.Equal(2, (await ClaimAsync(id))!.Row.Work.TriesWithoutProgress);
    }

    [Fact]
    public async Task Cancel_OfAFinishedOrUnknownOne_IsAProblem()
    {
        var id = await AddAsync();
        await SucceedAsync(id);

        Assert.Equal("classify-job.finished", (await _host.ClassifyJobs.CancelAsync(id)).Problem?.Code);
        Assert.Equal("classify-job.not-found", (await _host.ClassifyJobs.CancelAsync("none")).Problem?.Code);
        var row = (await _host.ClassifyJobs.FindAsync(id))!;
        Assert.Equal((WorkState.Succeeded, 10, 12.5), (row.Work.State, row.Done, row.ImagesPerSecond));
    }

    [Fact]
    public async Task Add_WhereTooManyWait_IsUnavailable_AndTheSameIdIsTheSameJob()
    {
        var id = await AddAsync();

        var refused = await _host.ClassifyJobs.AddAsync(Row(RunId.New(_host.Clock)), maxQueued: 1);

        Assert.Equal(("classify-job.queue-full", true), (refused.Problem?.Code, refused.Problem?.RetryAfter > TimeSpan.Zero));
        Assert.Equal(id, (await _host.ClassifyJobs.AddAsync(Row(id), maxQueued: 9)).Value.Id);
        Assert.Single(await _host.ClassifyJobs.ListAsync(10, null));
    }

    [Fact]
    public async Task DeleteDataset_ThatAJobReads_IsAConflict()
    {
        await _host.Datasets.CreateAsync(new()
        {
            Name = "d",
            Origin = Core.Datasets.DatasetOrigin.Sample,
            Source = "shapes",
            Folder = "/none",
        });
        await _host.Services.ImportedAsync("d");
        var id = await AddAsync();

        Assert.Equal("dataset.in-use", (await _host.Datasets.DeleteAsync("d")).Problem?.Code);

        await _host.ClassifyJobs.CancelAsync(id);
        Assert.True((await _host.Datasets.DeleteAsync("d")).Succeeded);
    }

    private LeaseStore<ClassifyJobRow> Leases => _host.Services.GetRequiredService<LeaseStore<ClassifyJobRow>>();

    private Task<Claim<ClassifyJobRow>?> ClaimAsync(string id) => Leases.ClaimAsync(id, "a", Lease, CancellationToken.None);

    private async Task SucceedAsync(string id)
    {
        var claim = (await ClaimAsync(id))!;
        Assert.True(await _host.ClassifyJobs.ProgressAsync(claim, 3, 12.5, CancellationToken.None));
        Assert.True(
            await Leases.SucceedAsync(claim, context => ClassifyJobStore.CompleteAsync(context, id, CancellationToken.None),
                CancellationToken.None));
    }

    /// <summary>A worker that got so far, and died.</summary>
    private async Task<Claim<ClassifyJobRow>> DieAsync(string id, int done)
    {
        var claim = (await ClaimAsync(id))!;
        Assert.True(await _host.ClassifyJobs.ProgressAsync(claim, done, null, CancellationToken.None));
        await Leases.RecoverAsync(CancellationToken.None);
        return claim;
    }

    private async Task<string> AddAsync() => (await _host.ClassifyJobs.AddAsync(Row(RunId.New(_host.Clock)), 100)).Value.Id;

    private static ClassifyJobRow Row(string id) => new() { Id = id, Model = "m", Version = 1, Dataset = "d", Digest = "0", Total = 10 };
}
