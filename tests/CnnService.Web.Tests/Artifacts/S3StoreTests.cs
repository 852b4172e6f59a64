using CnnService.Core.Common;
using CnnService.Tests.Shared;
using CnnService.Web.Artifacts;

namespace CnnService.Web.Tests.Artifacts;

/// <summary>Objects in a bucket of a server that others wrote.</summary>
[LongProof]
public sealed class S3StoreTests : ArtifactStoreContract, IAsyncDisposable
{
    private S3Server? _server;
    private S3Store? _store;

    public async ValueTask DisposeAsync()
    {
        _store?.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    [Fact]
    public async Task Store_ThatIsAway_IsToldAsSuch()
    {
        var store = await CreateAsync();
        await _server!.StopAsync();

        var away = await Assert.ThrowsAsync<ArtifactsUnavailableException>(
            () => store.GetAsync("a/b", 0, null, (_, _) => Task.CompletedTask, TestContext.Current.CancellationToken));

        Assert.Contains("does not answer", away.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bucket_ThatDoesNotExist_IsNoMissingObject()
    {
        await CreateAsync();
        using var other = new S3Store(_server!.Settings("none"), concurrency: 1);

        await Assert.ThrowsAsync<ArtifactsUnavailableException>(
            () => other.GetAsync("a/b", 0, null, (_, _) => Task.CompletedTask, TestContext.Current.CancellationToken));
    }

    private protected override async Task<IArtifactStore> CreateAsync()
    {
        _server = await S3Server.StartAsync();
        return _store = new S3Store(_server.Settings(S3Server.Bucket), concurrency: 2);
    }
}
