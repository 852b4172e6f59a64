using CnnService.Web.Persistence;
using CnnService.Web.Tests.Persistence;
using CnnService.Web.Work;

namespace CnnService.Web.Tests.Work;

/// <summary>Which worker claims what.</summary>
public sealed class WorkerAbilityTests : IAsyncLifetime
{
    private StoreHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await StoreHost.SqliteAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData(null, "", "cpu", true)]
    [InlineData("gpu", "", "cpu", false)]
    [InlineData("gpu", "", "cpu,cuda:0", true)]
    [InlineData("gpu", "gpu", "cpu", true)] // The setting is believed.
    [InlineData("gpu site=north", "site=south", "cpu,cuda:0", false)]
    [InlineData("memory=16g", "memory=8g", "cpu", false)]
    [InlineData("memory=16g", "memory=16g", "cpu", true)]
    [InlineData("memory=1m", "", "cpu", true)] // Found by itself.
    [InlineData("memory=900t", "", "cpu", false)]
    public async Task Run_IsClaimed_ByAWorkerThatHasWhatItRequires(string? requires, string labels, string devices, bool isTaken)
    {
        var run = await AddAsync(requires);
        var worker = SomeAbility.Of(_host.Folders, labels.Split(',', StringSplitOptions.RemoveEmptyEntries), devices);

        Assert.Equal(isTaken ? WorkState.Failed : WorkState.Queued, await OfferAsync(run, worker));
    }

    [Fact]
    public async Task Training_IsNotClaimed_WithoutATensorLibrary_AndWaitsUnharmed()
    {
        var run = await AddAsync(null);

        Assert.Equal(WorkState.Queued, await OfferAsync(run, SomeAbility.Of(_host.Folders, devices: null)));
        Assert.Equal(0, (await _host.Runs.FindAsync(run))!.Work.Fence);
        Assert.Equal(WorkState.Failed, await OfferAsync(run, SomeAbility.Of(_host.Folders)));
    }

    [Fact]
    public async Task Import_IsClaimed_WithoutATensorLibrary()
    {
        var kind = LeasedKind.Of(Kind.Import, _host);
        var id = await kind.AddAsync();
        var job = ScriptedJob.Of(Kind.Import, _host, SomeAbility.Of(_host.Folders, devices: null));
        job.Does = _ => Task.FromResult<AttemptResult>(new AttemptResult.Done((_, _) => Task.CompletedTask));

        await job.RunAsync(id, CancellationToken.None);

        Assert.Equal(WorkState.Succeeded, (await kind.WorkAsync(id)).State);
    }

    [Fact]
    public async Task DeadAttempts_AreTold_WithTheWorkersNameAndItsLastWords()
    {
        var run = await AddAsync(null);
        var job = ScriptedJob.Of(Kind.Training, _host);
        job.Does = _ => throw new InvalidDataException("the disk hums\nand more");

        for (var attempt = 0; attempt < ScriptedJob.MaxTries; attempt++)
        {
            await job.RunAsync(run, CancellationToken.None);
            _host.Clock.Advance(TimeSpan.FromMinutes(10));
        }

        var failure = StoredFailure.Read((await _host.Runs.FindAsync(run))!.Work.Failure)!;
        Assert.EndsWith(
            $" Its last words, on the worker {Environment.MachineName}/{Environment.ProcessId}: InvalidDataException: the disk hums "
            + "(the service's log has the rest).",
            failure.Detail, StringComparison.Ordinal);
    }

    private async Task<string> AddAsync(string? requires)
    {
        var id = RunId.New(_host.Clock);
        var added = await _host.Runs.AddAsync(
            new()
            {
                Id = id,
                Request = "{}",
                Plan = "{}",
                Dataset = "d",
                Model = "m",
                Work = LeasedWork.Requiring(requires?.Split(' ')),
            },
            10);
        Assert.True(added.Succeeded);
        return id;
    }

    /// <summary>Lets a worker look for work, and then rings for the run; gives the run's state: failed if it was claimed.</summary>
    private async Task<WorkState> OfferAsync(string run, WorkerAbility worker)
    {
        var job = ScriptedJob.Of(Kind.Training, _host, worker);
        job.Does = _ => Task.FromResult<AttemptResult>(
            new AttemptResult.Failed(new(Core.Common.ProblemKind.Internal, "test.taken", "It was taken.")));
        await job.EnqueueWaitingAsync();
        var isRung = job.Jobs.Rung.Count > 0;
        await job.RunAsync(run, CancellationToken.None);
        var state = (await _host.Runs.FindAsync(run))!.Work.State;
        Assert.Equal(isRung, state == WorkState.Failed);
        return state;
    }
}
