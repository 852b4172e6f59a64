namespace CnnService.Web.Tests;

/// <summary>A service that serves <see cref="RedOrBlue"/> as version 1 of "colours", for tests that change nothing there.</summary>
public sealed class ColoursService : IAsyncLifetime
{
    public CnnServiceApplication Service { get; } = new();

    public async ValueTask InitializeAsync() => await RedOrBlue.PublishAsync(Service, "colours");

    public ValueTask DisposeAsync() => Service.DisposeAsync();
}
