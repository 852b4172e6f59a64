using CnnService.Core.Architecture;
using CnnService.Core.Architecture.Presets;
using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Core.Training;
using CnnService.Web.Persistence;
using CnnService.Web.Tests.Persistence;
using CnnService.Web.Work;

namespace CnnService.Web.Tests.Work;

public sealed class ModelPublisherTests : IAsyncLifetime
{
    private StoreHost _host = null!;
    private ModelPublisher _publisher = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await StoreHost.SqliteAsync();
        _publisher = new ModelPublisher(_host.Models, _host.Folders);
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Publish_OfTwoRuns_GivesVersionsOneAndTwoWithTheirFiles()
    {
        var (first, firstFolder) = await TrainedAsync();
        var (second, secondFolder) = await TrainedAsync();

        Assert.Equal(1, await PublishAsync(first, firstFolder));
        Assert.Equal(2, await PublishAsync(second, secondFolder));

        Assert.Equal(first.Id, OriginOf(1));
        Assert.Equal(second.Id, OriginOf(2));
        Assert.False(Directory.Exists(Path.Combine(firstFolder, RunFolder.PackageFolder)));
    }

    [Fact]
    public async Task Publish_AfterACrashBehindTheRow_IsTheSameVersion()
    {
        var (claim, folder) = await TrainedAsync();
        await PublishAsync(claim, folder);

        Assert.Equal(1, await PublishAsync(claim, folder));

        Assert.Single(await _host.Models.VersionsAsync("shapes"));
    }

    [Fact]
    public async Task Publish_AfterACrashBetweenFolderAndRow_AdoptsTheFolder()
    {
        var (claim, folder) = await TrainedAsync();
        Directory.CreateDirectory(_host.Folders.Model("shapes"));
        DurableFile.PublishFolder(Path.Combine(folder, RunFolder.PackageFolder), _host.Folders.ModelVersion("shapes", 1));

        Assert.Equal(1, await PublishAsync(claim, folder));

        Assert.Equal(1, Assert.Single(await _host.Models.VersionsAsync("shapes")).Version);
        Assert.Single(Directory.GetDirectories(_host.Folders.Model("shapes")));
    }

    [Fact]
    public async Task Publish_WhereAFolderWithoutARowHasTheNumber_TakesTheNext()
    {
        var (other, otherFolder) = await TrainedAsync();
        Directory.CreateDirectory(_host.Folders.Model("shapes"));
        DurableFile.PublishFolder(Path.Combine(otherFolder, RunFolder.PackageFolder), _host.Folders.ModelVersion("shapes", 1));
        var (claim, folder) = await TrainedAsync();

        Assert.Equal(2, await PublishAsync(claim, folder));

        Assert.Equal((other.Id, claim.Id), (OriginOf(1), OriginOf(2)));
    }

    [Fact]
    public async Task Publish_OfManyRunsAtOnce_GivesEachItsOwnVersion()
    {
        var trained = new List<(RunWorker Claim, string Folder)>();
        for (var i = 0; i < 6; i++)
        {
            trained.Add(await TrainedAsync());
        }

        var versions = await Task.WhenAll(trained.Select(run => Task.Run(() => PublishAsync(run.Claim, run.Folder))));

        Assert.Equal(Enumerable.Range(1, 6), versions.Order());
        Assert.All(trained.Zip(versions), run => Assert.Equal(run.First.Claim.Id, OriginOf(run.Second)));
    }

    [Fact]
    public async Task Publish_UnderAStaleFencingNumber_LeavesThePackageAndAddsNoVersion()
    {
        var (stale, folder) = await TrainedAsync();
        await _host.RunLeases.RecoverAsync(CancellationToken.None);
        Assert.NotNull(await RunWorker.ClaimAsync(_host.Services, stale.Id, "b", TimeSpan.FromHours(1)));

        Assert.False(await PublishWithinAsync(stale, folder));

        Assert.Empty(await _host.Models.VersionsAsync("shapes"));
        Assert.True(Directory.Exists(Path.Combine(folder, RunFolder.PackageFolder)));
    }

    [Fact]
    public async Task Publish_WithinTheEndOfARun_IsUndoneWithIt_AndTheFolderIsAdoptedLater()
    {
        var (claim, folder) = await TrainedAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => PublishWithinAsync(claim, folder, () => throw new InvalidOperationException("a crash")));
        Assert.Empty(await _host.Models.VersionsAsync("shapes"));

        Assert.True(await PublishWithinAsync(claim, folder));

        Assert.Equal(1, Assert.Single(await _host.Models.VersionsAsync("shapes")).Version);
        Assert.Equal(1, (await _host.Runs.FindAsync(claim.Id))!.Version);
    }

    private Task<int> PublishAsync(RunWorker run, string folder) => _publisher.PublishAsync(
        "shapes", run.Id, Path.Combine(folder, RunFolder.PackageFolder), $"run {run.Id}", CancellationToken.None);

    private Task<bool> PublishWithinAsync(RunWorker run, string folder, Action? then = null) => _host.RunLeases.SucceedAsync(
        run.Claim,
        async context =>
        {
            var package = Path.Combine(folder, RunFolder.PackageFolder);
            var version = await _publisher.PublishAsync(context, "shapes", run.Id, package, null, "run", CancellationToken.None);
            await RunStore.CompleteAsync(context, run.Id, version, null, CancellationToken.None);
            then?.Invoke();
        },
        CancellationToken.None);

    private string? OriginOf(int version) => ModelPackage.Verify(_host.Folders.ModelVersion("shapes", version)).Value.Origin?.RunId;

    /// <summary>A run whose package is complete and not published yet.</summary>
    private async Task<(RunWorker Claim, string Folder)> TrainedAsync()
    {
        var run = await _host.AddRunAsync();
        var claim = (await RunWorker.ClaimAsync(_host.Services, run.Id, "a", TimeSpan.FromHours(1)))!;
        Assert.True(PresetCatalog.TryFind("lenet5", out var preset));
        var manifest = new ModelManifest
        {
            Classes = ["a", "b"],
            Network = preset.Create(2, new InputSpec(32, 32, 1)),
            Architecture = "lenet5",
            Preprocessing = Preprocessing.Create(NormalizationKind.Rescale, 1, [0.5], [0.5]),
            Origin = new(run.Id, "shapes", "digest", 1),
            Files = [],
            CreatedAt = _host.Clock.GetUtcNow(),
        };
        var folder = _host.Folders.Run(run.Id);
        var weights = new NamedWeights();
        weights.Add("x.weight", new([1], [1f]));
        ModelPackage.Write(Path.Combine(folder, RunFolder.PackageFolder), manifest, [1, 2, 3], weights);
        return (claim, folder);
    }
}
