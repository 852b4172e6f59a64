using CnnService.Web.Work;
using Microsoft.Extensions.Logging.Abstractions;

namespace CnnService.Web.Tests.Work;

public class QueuedWorkTests
{
    [Fact]
    public async Task Run_RunnerFails_TellsTheKindOfFailureAndNothingOfItsMessage()
    {
        var work = new QueuedWork<ImportWork>(
            new Failing(new InvalidDataException("in /secret/path")), NullLogger<QueuedWork<ImportWork>>.Instance);

        var told = await Assert.ThrowsAsync<WorkFailedException>(() => work.RunAsync("pets", CancellationToken.None));

        Assert.Equal("It failed with InvalidDataException: see the service's log.", told.Message);
        Assert.DoesNotContain("/secret/path", told.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_Shutdown_StaysACancellation()
    {
        var work = new QueuedWork<ImportWork>(new Failing(new OperationCanceledException()), NullLogger<QueuedWork<ImportWork>>.Instance);

        await Assert.ThrowsAsync<OperationCanceledException>(() => work.RunAsync("pets", CancellationToken.None));
    }

    private sealed class Failing(Exception failure) : IJobRunner<ImportWork>
    {
        public Task RunAsync(string id, CancellationToken shutdown) => Task.FromException(failure);

        public Task EnqueueWaitingAsync(CancellationToken cancel) => Task.CompletedTask;

        public Task<IReadOnlyList<string>> FindWaitingAsync(CancellationToken cancel) => Task.FromResult<IReadOnlyList<string>>([]);

        public bool Enqueue(string id) => false;
    }
}
