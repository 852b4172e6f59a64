namespace CnnService.Web.Tests.Features.Train;

/// <summary>A service that only queues, three runs at most, and data sets that can and cannot be trained on.</summary>
public sealed class TrainService : IAsyncLifetime
{
    public CnnServiceApplication Service { get; } = new(new() { ["Training:MaxQueuedRuns"] = "3" }, WithoutWorker.Remove);

    public async ValueTask InitializeAsync()
    {
        await SomeDataset.AddReadyAsync(Service.Services, SomeDataset.Manifest("pets", ["cats", "dogs"]));
        await SomeDataset.AddReadyAsync(Service.Services, SomeDataset.Manifest("one", ["cats"]));
        await SomeDataset.AddReadyAsync(Service.Services, SomeDataset.Manifest("gap", ["cats", "dogs", "emus"], "dogs", "emus"));
        await SomeDataset.AddAsync(Service.Services, "arriving");
    }

    public ValueTask DisposeAsync() => Service.DisposeAsync();
}
