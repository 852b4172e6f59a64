namespace CnnService.Web.Tests.Features.Datasets;

/// <summary>A service with the data set "leaky", images of one colour each, and a network whose answers are known.</summary>
public sealed class LeakyDataset : IAsyncLifetime
{
    public CnnServiceApplication Service { get; } = new();

    public async ValueTask InitializeAsync()
    {
        await ColourDataset.ImportAsync(
            Service, "leaky", ("train/red/1.png", 250, 0, 0), ("train/red/2.png", 240, 10, 0), ("train/red/3.png", 230, 0, 9),
            ("train/blue/1.png", 0, 0, 250), ("train/blue/2.png", 240, 10, 0), ("train/blue/3.png", 10, 0, 220),
            ("validation/red/1.png", 250, 0, 0), ("validation/blue/1.png", 0, 9, 200));
        await RedOrBlue.PublishAsync(Service, "colours");
    }

    public ValueTask DisposeAsync() => Service.DisposeAsync();
}
