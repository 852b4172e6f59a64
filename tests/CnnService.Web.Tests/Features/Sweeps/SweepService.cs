using CnnService.Core.Datasets;

namespace CnnService.Web.Tests.Features.Sweeps;

/// <summary>A service without a worker, of small limits, and data sets that can and cannot be trained on.</summary>
public sealed class SweepService : IAsyncLifetime
{
    public CnnServiceApplication Service { get; } = new(new()
    {
        ["Sweeps:MaxTrials"] = "8",
        ["Sweeps:MaxRunning"] = "6",
    }, WithoutWorker.Remove);

    public async ValueTask InitializeAsync()
    {
        var pets = SomeDataset.Manifest("pets", ["cats", "dogs"]);
        await SomeDataset.AddReadyAsync(Service.Services,
            pets with { Images = [.. pets.Images, pets.Images[0] with { Id = "v", Split = Split.Validation }] });
        await SomeDataset.AddReadyAsync(Service.Services, SomeDataset.Manifest("blind", ["cats", "dogs"]));
        await SomeDataset.AddReadyAsync(Service.Services, SomeDataset.Manifest("one", ["cats"]));
        await SomeDataset.AddAsync(Service.Services, "arriving");
    }

    public ValueTask DisposeAsync() => Service.DisposeAsync();
}
