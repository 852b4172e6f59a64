using CnnService.Web.Persistence;
using Microsoft.Extensions.DependencyInjection;

namespace CnnService.Web.Tests.Persistence;

public sealed class SqliteClassifyJobStoreTests() : ClassifyJobStoreTests(null);

public sealed class PostgresClassifyJobStoreTests(PostgresServer server) : ClassifyJobStoreTests(server);

public abstract class ClassifyJobStoreTests(PostgresServer? server) : DatabaseTests(server)
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

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

        Assert.Equal("classify-job.finished", (await Host.ClassifyJobs.CancelAsync(id)).Problem?.Code);
        Assert.Equal("classify-job.not-found", (await Host.ClassifyJobs.CancelAsync("none")).Problem?.Code);
        var row = (await Host.ClassifyJobs.FindAsync(id))!;
        Assert.Equal((WorkState.Succeeded, 10, 12.5), (row.Work.State, row.Done, row.ImagesPerSecond));
    }

    [Fact]
    public async Task Add_WhereTooManyWait_IsUnavailable_AndTheSameIdIsTheSameJob()
    {
        var id = await AddAsync();

        var refused = await Host.ClassifyJobs.AddAsync(Row(RunId.New(Host.Clock)), maxQueued: 1);

        Assert.Equal(("classify-job.queue-full", true), (refused.Problem?.Code, refused.Problem?.RetryAfter > TimeSpan.Zero));
        Assert.Equal(id, (await Host.ClassifyJobs.AddAsync(Row(id), maxQueued: 9)).Value.Id);
        Assert.Single(await Host.ClassifyJobs.ListAsync(10, null));
    }

    [Fact]
    public async Task DeleteDataset_ThatAJobReads_IsAConflict()
    {
        await Host.Datasets.CreateAsync(new()
        {
            Name = "d",
            Origin = Core.Datasets.DatasetOrigin.Sample,
            Source = "shapes",
            Folder = "/none",
        });
        await Host.Services.ImportedAsync("d");
        var id = await AddAsync();

        Assert.Equal("dataset.in-use", (await Host.Datasets.DeleteAsync("d")).Problem?.Code);

        await Host.ClassifyJobs.CancelAsync(id);
        Assert.True((await Host.Datasets.DeleteAsync("d")).Succeeded);
    }

    private LeaseStore<ClassifyJobRow> Leases => Host.Services.GetRequiredService<LeaseStore<ClassifyJobRow>>();

    private Task<Claim<ClassifyJobRow>?> ClaimAsync(string id) => Leases.ClaimAsync(id, "a", Lease, CancellationToken.None);

    private async Task SucceedAsync(string id)
    {
        var claim = (await ClaimAsync(id))!;
        Assert.True(await Host.ClassifyJobs.ProgressAsync(claim, 3, 12.5, CancellationToken.None));
        Assert.True(
            await Leases.SucceedAsync(claim, context => ClassifyJobStore.CompleteAsync(context, id, files: null, CancellationToken.None),
                CancellationToken.None));
    }

    /// <summary>A worker that got so far, and died.</summary>
    private async Task<Claim<ClassifyJobRow>> DieAsync(string id, int done)
    {
        var claim = (await ClaimAsync(id))!;
        Assert.True(await Host.ClassifyJobs.ProgressAsync(claim, done, null, CancellationToken.None));
        await Leases.RecoverAsync(CancellationToken.None);
        return claim;
    }

    private async Task<string> AddAsync() => (await Host.ClassifyJobs.AddAsync(Row(RunId.New(Host.Clock)), 100)).Value.Id;

    private static ClassifyJobRow Row(string id) => new() { Id = id, Model = "m", Version = 1, Dataset = "d", Digest = "0", Total = 10 };
}
