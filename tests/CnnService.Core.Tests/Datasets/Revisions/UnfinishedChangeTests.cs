using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Datasets.Revisions;

namespace CnnService.Core.Tests.Datasets.Revisions;

/// <summary>What a process leaves that dies in the middle of a change.</summary>
public sealed class UnfinishedChangeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DatasetManifest _first;

    public UnfinishedChangeTests()
    {
        _first = DatasetFolder.Publish(_folder.Root, SomeRevision.Of(SomeRevision.Images(6)));
        Directory.CreateDirectory(_folder["images"]);
        foreach (var image in _first.Images)
        {
            File.WriteAllText(DatasetFolder.ImagePath(_folder.Root, image), image.Id);
        }
    }

    [Fact]
    public void Settle_AfterAnAdditionThatDied_DeletesWhatNobodyHolds()
    {
        UnfinishedChange.Begin(_folder.Root, purgeBelow: 0);
        File.WriteAllText(_folder["images", SomeRevision.Sha256(99)], "lost");
        File.WriteAllText(_folder["revisions", $"00000002{DurableFile.TemporaryMark}x"], "half");

        UnfinishedChange.Settle(_folder.Root);

        Assert.Equal(_first.Images.Select(image => image.Sha256).Order(StringComparer.Ordinal),
            Directory.GetFiles(_folder["images"]).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
        Assert.Single(Directory.GetFiles(_folder["revisions"]));
    }

    [Fact]
    public void Settle_AfterAPurgeThatDiedBeforeItsRevision_DeletesNothing()
    {
        UnfinishedChange.Begin(_folder.Root, purgeBelow: 2);

        UnfinishedChange.Settle(_folder.Root);

        Assert.Equal(_first.Images, DatasetFolder.ReadManifest(_folder.Root, 1).Value.Images);
        Assert.Equal(6, Directory.GetFiles(_folder["images"]).Length);
    }

    [Fact]
    public void Settle_AfterAPurgeThatDiedAfterItsRevision_CompletesIt()
    {
        var gone = _first.Images[0];
        UnfinishedChange.Begin(_folder.Root, purgeBelow: 2);
        var second = new DatasetEdit { Change = RevisionChange.Removed, Removed = new HashSet<string> { gone.Id } }
            .Apply(_folder.Root, _first, isWhole: true, SomeRevision.Now);

        UnfinishedChange.Settle(_folder.Root);

        Assert.Equal("dataset.revision-not-found", DatasetFolder.ReadManifest(_folder.Root, 1).Problem?.Code);
        Assert.Equal(5, DatasetFolder.ReadManifest(_folder.Root, 2).Value.Images.Count);
        Assert.False(File.Exists(DatasetFolder.ImagePath(_folder.Root, gone)));
        Assert.True(File.Exists(DatasetFolder.ImagePath(_folder.Root, second.Images[0])));
    }

    [Fact]
    public async Task Take_WhileAnotherChangesIt_WaitsItsTurn()
    {
        var held = (await DatasetLock.TakeAsync(_folder.Root, TimeProvider.System, CancellationToken.None)).Value;

        var waiting = DatasetLock.TakeAsync(_folder.Root, TimeProvider.System, CancellationToken.None);
        Assert.False(waiting.IsCompleted);
        held.Dispose();

        using var next = (await waiting).Value;
        using var stop = new CancellationTokenSource();
        var another = DatasetLock.TakeAsync(_folder.Root, TimeProvider.System, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => another);
        Assert.Equal("dataset.not-found",
            (await DatasetLock.TakeAsync(_folder["none"], TimeProvider.System, CancellationToken.None)).Problem?.Code);
    }

    public void Dispose() => _folder.Dispose();
}
