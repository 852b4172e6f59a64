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

        Assert.Equal(1, (await _publisher.PublishAsync(first, firstFolder)).Value);
        Assert.Equal(2, (await _publisher.PublishAsync(second, secondFolder)).Value);

        Assert.Equal(first.Id, OriginOf(1));
        Assert.Equal(second.Id, OriginOf(2));
        Assert.False(Directory.Exists(Path.Combine(firstFolder, RunFolder.PackageFolder)));
    }

    [Fact]
    public async Task Publish_AfterACrashBehindTheRow_IsTheSameVersion()
    {
        var (claim, folder) = await TrainedAsync();
        await _publisher.PublishAsync(claim, folder);

        Assert.Equal(1, (await _publisher.PublishAsync(claim, folder)).Value);

        Assert.Single(await _host.Models.VersionsAsync("shapes"));
    }

    [Fact]
    public async Task Publish_AfterACrashBetweenFolderAndRow_AdoptsTheFolder()
    {
        var (claim, folder) = await TrainedAsync();
        Directory.CreateDirectory(_host.Folders.Model("shapes"));
        DurableFile.PublishFolder(Path.Combine(folder, RunFolder.PackageFolder), _host.Folders.ModelVersion("shapes", 1));

        Assert.Equal(1, (await _publisher.PublishAsync(claim, folder)).Value);

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

        Assert.Equal(2, (await _publisher.PublishAsync(claim, folder)).Value);

        Assert.Equal((other.Id, claim.Id), (OriginOf(1), OriginOf(2)));
    }

    [Fact]
    public async Task Publish_OfManyRunsAtOnce_GivesEachItsOwnVersion()
    {
        var trained = new List<(RunClaim Claim, string Folder)>();
        for (var i = 0; i < 6; i++)
        {
            trained.Add(await TrainedAsync());
        }

        var versions = await Task.WhenAll(trained.Select(run => Task.Run(() => _publisher.PublishAsync(run.Claim, run.Folder))));

        Assert.Equal(Enumerable.Range(1, 6), versions.Select(version => version.Value).Order());
        Assert.All(trained.Zip(versions), run => Assert.Equal(run.First.Claim.Id, OriginOf(run.Second.Value)));
    }

    private string? OriginOf(int version) => ModelPackage.Verify(_host.Folders.ModelVersion("shapes", version)).Value.Origin?.RunId;

    /// <summary>A run whose package is complete and not published yet.</summary>
    private async Task<(RunClaim Claim, string Folder)> TrainedAsync()
    {
        var run = await _host.AddRunAsync();
        var claim = (await _host.Runs.ClaimAsync(run.Id, "a", TimeSpan.FromHours(1)))!;
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
