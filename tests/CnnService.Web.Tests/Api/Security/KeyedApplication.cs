namespace CnnService.Web.Tests.Api.Security;

/// <summary>A service with a key for each scope, shared by the tests of a class.</summary>
public sealed class KeyedApplication : IAsyncDisposable
{
    public CnnServiceApplication Service { get; } = new(new(Keys.Settings()) { ["Limits:UnknownKeysPerMinute"] = "1000000" });

    public ValueTask DisposeAsync() => Service.DisposeAsync();
}
