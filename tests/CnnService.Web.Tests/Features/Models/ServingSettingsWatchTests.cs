using CnnService.Core.Classification;
using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Web.Artifacts;
using CnnService.Web.Features.Models;
using CnnService.Web.Persistence;
using CnnService.Web.Tests.Persistence;
using Microsoft.Extensions.Time.Testing;

namespace CnnService.Web.Tests.Features.Models;

/// <summary>Serving settings that another process sets, in the same folder.</summary>
public sealed class ServingSettingsWatchTests : IAsyncLifetime
{
    private StoreHost _host = null!;
    private BatchingSettingsFiles _own = null!;
    private BatchingSettingsFiles _other = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await StoreHost.SqliteAsync();
        Directory.CreateDirectory(_host.Folders.Model("m"));
        (_own, _other) = (new(_host.Folders), new(_host.Folders));
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public void Changed_TellsWhatAnotherSetOrRemoved_Once_AndNothingOfItsOwn()
    {
        Assert.Null(_own.Find("m"));
        Assert.Empty(_own.Changed());

        _other.Set("m", new() { MaxBatchSize = 2 });
        Assert.Equal(2, _own.Find("m")!.MaxBatchSize); // To be asked is no reason to forget that versions are loaded by other settings.
        Assert.Equal(["m"], _own.Changed());
        Assert.Empty(_own.Changed());

        _own.Set("m", new() { MaxBatchSize = 3 });
        Assert.Empty(_own.Changed());
        Assert.Equal(3, _own.Find("m")!.MaxBatchSize);

        _other.Remove("m");
        Assert.Equal(["m"], _own.Changed());
    }

    [Fact]
    public async Task Watch_OfAChange_UnloadsTheModelsVersions()
    {
        await _host.Store.UseAsync(context =>
        {
            context.ModelVersions.Add(new ModelVersionRow { Model = "m", Version = 1 });
            context.ModelVersions.Add(new ModelVersionRow { Model = "m", Version = 3 });
            return context.SaveChangesAsync();
        });
        _own.Find("m");
        var classifier = new Unloading();
        var clock = new FakeTimeProvider();
        using var watch = new ServingSettingsWatch(_own, _host.Models, classifier, _host.Folders, clock);
        await watch.StartAsync(CancellationToken.None);
        _other.Set("m", new() { MaxBatchSize = 2 });

        await Eventually.IsAsync(
            () =>
            {
                clock.Advance(TimeSpan.FromSeconds(2));
                return Task.FromResult(classifier.Unloaded.Count);
            },
            count => count == 2);

        Assert.Equal([_host.Folders.ModelVersion("m", 1), _host.Folders.ModelVersion("m", 3)], classifier.Unloaded.Order());
        await watch.StopAsync(CancellationToken.None);
    }

    private sealed class Unloading : IClassifier
    {
        public List<string> Unloaded { get; } = [];

        public void Unload(string folder) => Unloaded.Add(folder);

        public Outcome<IQueueReservation> Reserve(LoadedModel model, int images) => throw new NotSupportedException();

        public ValueTask<Problem?> LoadAsync(LoadedModel model, CancellationToken cancel) => throw new NotSupportedException();
    }
}
