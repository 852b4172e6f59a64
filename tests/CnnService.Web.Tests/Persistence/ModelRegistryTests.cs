using CnnService.Core.Models;
using CnnService.Web.Persistence;

namespace CnnService.Web.Tests.Persistence;

/// <summary>How often the database is asked, and what is answered while it is away.</summary>
public sealed class ModelRegistryTests : IAsyncLifetime
{
    private StoreHost _host = null!;
    private Store _store = null!;
    private ModelRegistry _registry = null!;
    private bool _isAway;
    private int _opened;

    public async ValueTask InitializeAsync()
    {
        _host = await StoreHost.SqliteAsync();
        _store = new Store(Open, new ReservedSpace(_host.Folders));
        _registry = new ModelRegistry(
            new ModelStore(_store, _host.Clock), _store, _host.Folders, NoStarts.Library, new CorruptModels(), _host.Clock);
        await ElsewhereAsync(context =>
        {
            context.Models.Add(new() { Name = "m", HighestVersion = 2 });
            context.Aliases.Add(new() { Model = "m", Alias = "production", Version = 1 });
        });
        await PublishElsewhereAsync(1);
        await PublishElsewhereAsync(2);
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("m:1", 1)]
    [InlineData("m@production", 1)]
    [InlineData("m", 2)]
    [InlineData(null, 2)]
    public async Task Resolve_SeenInTheLastSeconds_AsksNoDatabase(string? reference, int version)
    {
        Assert.Equal(version, await VersionAsync(reference));
        var opened = _opened;
        _host.Clock.Advance(TimeSpan.FromSeconds(1.9));

        Assert.Equal(version, await VersionAsync(reference));
        Assert.Equal(opened, _opened);
    }

    [Theory]
    [InlineData("m:1", 1)]
    [InlineData("m@production", 1)]
    [InlineData("m", 2)]
    [InlineData(null, 2)]
    public async Task Resolve_SeenBeforeTheDatabaseWentAway_GoesOn(string? reference, int version)
    {
        await VersionAsync(reference);
        _isAway = true;

        foreach (var seconds in new[] { 3, 1, 600 })
        {
            _host.Clock.Advance(TimeSpan.FromSeconds(seconds));
            Assert.Equal(version, await VersionAsync(reference));
        }
    }

    [Fact]
    public async Task Resolve_ByNumberNeverSeenWithTheDatabaseAway_ReadsTheFolder()
    {
        _isAway = true;

        Assert.Equal(1, await VersionAsync("m:1"));
        Assert.Equal(1, await VersionAsync("m:1"));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => _registry.ResolveAsync("m:3"));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => _registry.ResolveAsync("m@production"));
    }

    [Fact]
    public async Task Resolve_AliasMovedByThisProcess_IsSeenAtOnce()
    {
        await VersionAsync("m@production");
        var moved = await new AliasStore(_store, _host.Clock).SetAsync("m", "production", 2, "somebody");

        Assert.True(moved.Succeeded);
        Assert.Equal(2, await VersionAsync("m@production"));
    }

    [Fact]
    public async Task Resolve_VersionDeletedByThisProcess_IsGoneAtOnce()
    {
        await VersionAsync("m:2");
        await new ModelStore(_store, _host.Clock).DeleteAsync("m", 2, "somebody");

        Assert.Equal("model.version-not-found", (await _registry.ResolveAsync("m:2")).Problem?.Code);
        Assert.Equal(1, await VersionAsync("m"));
    }

    [Fact]
    public async Task Resolve_AliasMovedByAnotherProcess_IsSeenWithinSeconds()
    {
        await VersionAsync("m@production");
        await ElsewhereAsync(context => context.Aliases.Single().Version = 2);
        Assert.Equal(1, await VersionAsync("m@production"));
        _host.Clock.Advance(TimeSpan.FromSeconds(2));

        await Eventually.IsAsync(() => VersionAsync("m@production"), version => version == 2);
    }

    [Fact]
    public async Task Resolve_AliasMovedLongAgoByAnotherProcess_IsSeenAtOnce()
    {
        await VersionAsync("m@production");
        await ElsewhereAsync(context => context.Aliases.Single().Version = 2);
        _host.Clock.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(2, await VersionAsync("m@production"));
    }

    [Fact]
    public async Task Resolve_NewVersionOrAliasOfAnotherProcess_IsFoundAtOnceByItsName()
    {
        await VersionAsync("m");
        await PublishElsewhereAsync(3);
        await ElsewhereAsync(context => context.Aliases.Add(new() { Model = "m", Alias = "candidate", Version = 3 }));

        Assert.Equal(3, await VersionAsync("m:3"));
        Assert.Equal(3, await VersionAsync("m@candidate"));
    }

    [Fact]
    public async Task Resolve_DatabaseBackAgain_IsAskedAgain()
    {
        await VersionAsync("m@production");
        await ElsewhereAsync(context => context.Aliases.Single().Version = 2);
        _isAway = true;
        _host.Clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(1, await VersionAsync("m@production"));
        _isAway = false;

        // The query of above may fail only now, and the next one is due two seconds after that: the clock has to go on.
        await Eventually.IsAsync(() => VersionLaterAsync("m@production", TimeSpan.FromSeconds(2)), version => version == 2);
    }

    [Fact]
    public async Task Resolve_UnknownModel_IsAskedForEachTime()
    {
        Assert.Equal("model.not-found", (await _registry.ResolveAsync("other")).Problem?.Code);
        await PublishElsewhereAsync(1, "other");

        Assert.Equal(1, await VersionAsync("other"));
    }

    private StoreContext Open()
    {
        _opened++;
        return _isAway ? throw new TimeoutException("away") : _host.OpenSqlite();
    }

    private Task<int> VersionLaterAsync(string reference, TimeSpan later)
    {
        _host.Clock.Advance(later);
        return VersionAsync(reference);
    }

    private async Task<int> VersionAsync(string? reference)
    {
        var found = await _registry.ResolveAsync(reference);
        Assert.True(found.Succeeded, found.Problem?.Detail);
        return found.Value.Version;
    }

    private async Task PublishElsewhereAsync(int version, string model = "m")
    {
        var preprocessing = Preprocessing.Create(NormalizationKind.Rescale, 3, [], []);
        var manifest = new ModelManifest
        {
            Classes = RedOrBlue.Classes,
            Network = RedOrBlue.Network().Spec,
            Architecture = "custom",
            Preprocessing = preprocessing,
            Files = [],
            CreatedAt = DateTimeOffset.UnixEpoch,
        };
        ModelPackage.Write(_host.Folders.ModelVersion(model, version), manifest, [1, 2, 3], RedOrBlue.Weights(0));
        await ElsewhereAsync(context =>
            context.ModelVersions.Add(new() { Model = model, Version = version, CreatedAt = DateTimeOffset.UnixEpoch }));
    }

    /// <summary>As another process would: this one is told nothing.</summary>
    private Task ElsewhereAsync(Action<StoreContext> change) => _host.Store.UseAsync(async context =>
    {
        change(context);
        await context.SaveChangesAsync();
    });
}
