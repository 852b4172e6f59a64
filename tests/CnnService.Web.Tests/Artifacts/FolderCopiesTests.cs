using System.Security.Cryptography;
using CnnService.Core.Common;
using CnnService.Web.Artifacts;
using Microsoft.Extensions.Time.Testing;

namespace CnnService.Web.Tests.Artifacts;

/// <summary>Two data directories, and a store between them.</summary>
public sealed class FolderCopiesTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();
    private readonly FolderStore _store;
    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());
    private readonly FolderCopies _here;
    private readonly FolderCopies _there;

    public FolderCopiesTests()
    {
        _store = new(Path.Combine(_temporary.Path, "store"), concurrency: 4);
        _here = Copies("here");
        _there = Copies("there");
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _store.Dispose();
        _temporary.Dispose();
    }

    [Fact]
    public async Task Bring_GivesTheSameFiles()
    {
        Write("here", "m", ("manifest.json", Bytes(1, 300)), ("model.onnx", Bytes(2, 9000)), ("int8/empty", []));
        var key = await UploadAsync("m");

        await _there.EnsureAsync(At("there", "m"), key, null, Cancel);

        Assert.Equal(Contents("here", "m"), Contents("there", "m"));
        Assert.True(_there.IsWhole(At("there", "m")));
    }

    [Fact]
    public async Task Keep_OfTheSameFilesInAnotherPlace_GivesTheSameKey()
    {
        Write("here", "m", ("a", Bytes(1, 300)), ("b/c", Bytes(2, 10)));
        Write("here", "n", ("b/c", Bytes(2, 10)), ("a", Bytes(1, 300)));

        Assert.Equal(await UploadAsync("m", "p"), await UploadAsync("n", "p"));
    }

    [Fact]
    public async Task Keep_OfAChange_PutsOnlyWhatIsNew()
    {
        Write("here", "d", ("images/a", Bytes(1, 50_000)), ("revisions/1", Bytes(2, 500)));
        var first = await UploadAsync("d");
        var before = StoredBytes();
        Write("here", "d", ("images/b", Bytes(3, 700)), ("revisions/2", Bytes(4, 300)));

        var second = await _here.UploadAsync(At("here", "d"), FolderCopies.PrefixOf(first), first, null, Cancel);

        Assert.InRange(StoredBytes() - before, 1000, 3000); // The two files, and a listing.
        await _there.EnsureAsync(At("there", "d"), first, null, Cancel);
        await _there.EnsureAsync(At("there", "d"), second, null, Cancel);
        Assert.Equal(Contents("here", "d"), Contents("there", "d"));
    }

    [Fact]
    public async Task Bring_OfALaterListing_DeletesWhatIsGone_AndReplacesWhatChanged()
    {
        Write("here", "m", ("a", Bytes(1, 300)), ("b", Bytes(2, 300)), ("c", Bytes(3, 300)));
        var first = await UploadAsync("m");
        await _there.EnsureAsync(At("there", "m"), first, null, Cancel);
        File.Delete(Path.Combine(At("here", "m"), "a"));
        Write("here", "m", ("b", Bytes(9, 300)));

        await _there.EnsureAsync(At("there", "m"), await UploadAsync("m", "second"), null, Cancel);

        Assert.Equal(["b", "c"], Contents("there", "m").Keys);
        Assert.Equal(Contents("here", "m"), Contents("there", "m"));
    }

    [Fact]
    public async Task Bring_InPart_BringsNoMore_AndTheRestLater()
    {
        Write("here", "d", ("revisions/1", Bytes(1, 50)), ("images/a", Bytes(2, 50)), ("images/b", Bytes(3, 50)));
        var key = await UploadAsync("d");
        var there = At("there", "d");

        await _there.EnsureAsync(there, key, path => path.StartsWith("revisions/", StringComparison.Ordinal), Cancel);
        Assert.Equal(["revisions/1"], Contents("there", "d").Keys);
        Assert.False(_there.IsWhole(there));

        await _there.EnsureFileAsync(there, "images/b", Cancel);
        Assert.Equal(["images/b", "revisions/1"], Contents("there", "d").Keys);

        await _there.EnsureAsync(there, key, null, Cancel);
        Assert.Equal(Contents("here", "d"), Contents("there", "d"));
    }

    [Fact]
    public async Task Bring_OfBytesThatWereChangedInTheStore_IsRefused_AndLeavesNothing()
    {
        Write("here", "m", ("a", Bytes(1, 300)));
        var key = await UploadAsync("m");
        var packed = Directory.EnumerateFiles(Path.Combine(_temporary.Path, "store"), "*", SearchOption.AllDirectories)
            .Single(file => !file.EndsWith(".json", StringComparison.Ordinal));
        await File.WriteAllBytesAsync(packed, Bytes(2, 300), Cancel);

        await Assert.ThrowsAsync<ArtifactsUnavailableException>(() => _there.EnsureAsync(At("there", "m"), key, null, Cancel));

        Assert.Empty(Contents("there", "m"));
    }

    [Fact]
    public async Task Bring_WhenRecordsAreLost_ComparesTheFiles()
    {
        Write("here", "m", ("a", Bytes(1, 300)), ("b", Bytes(2, 300)));
        var key = await UploadAsync("m");
        await _there.EnsureAsync(At("there", "m"), key, null, Cancel);
        Directory.Delete(Path.Combine(_temporary.Path, "there", "cache"), recursive: true);
        Write("there", "m", ("b", Bytes(3, 300)), ("stray", Bytes(4, 1)));

        await Copies("there").EnsureAsync(At("there", "m"), key, null, Cancel);

        Assert.Equal(Contents("here", "m"), Contents("there", "m"));
    }

    [Fact]
    public async Task Bring_InANewProcess_FindsFilesThatAreGone()
    {
        Write("here", "m", ("a", Bytes(1, 300)));
        var key = await UploadAsync("m");
        await _there.EnsureAsync(At("there", "m"), key, null, Cancel);
        File.Delete(Path.Combine(At("there", "m"), "a"));

        await Copies("there").EnsureAsync(At("there", "m"), key, null, Cancel);

        Assert.Equal(Contents("here", "m"), Contents("there", "m"));
    }

    [Fact]
    public async Task Copies_BeyondTheLimit_GoLongestUnusedFirst_ButForThoseHeldOrJustUsed()
    {
        var small = Copies("there", maxBytes: 2_500_000);
        var keys = new Dictionary<string, string>();
        foreach (var name in new[] { "held", "old", "used", "new" })
        {
            Write("here", name, ("a", Bytes(name[0], 1_000_000)));
            keys[name] = await UploadAsync(name, $"p/{name}");
        }

        await small.EnsureAsync(At("there", "held"), keys["held"], null, Cancel);
        using var held = small.Hold(At("there", "held"));
        _clock.Advance(TimeSpan.FromHours(1));
        await small.EnsureAsync(At("there", "old"), keys["old"], null, Cancel);
        await small.EnsureAsync(At("there", "used"), keys["used"], null, Cancel);
        Assert.True(Directory.Exists(At("there", "old"))); // Just used: beyond the limit for now.
        _clock.Advance(TimeSpan.FromHours(1));
        await small.EnsureAsync(At("there", "used"), keys["used"], null, Cancel);

        await small.EnsureAsync(At("there", "new"), keys["new"], null, Cancel);

        Assert.True(small.IsWhole(At("there", "held")));
        Assert.False(Directory.Exists(At("there", "old")));
        Assert.True(small.IsWhole(At("there", "used")));
        Assert.True(small.IsWhole(At("there", "new")));
        await small.EnsureAsync(At("there", "old"), keys["old"], null, Cancel);
        Assert.Equal(Contents("here", "old"), Contents("there", "old"));
    }

    [Fact]
    public async Task Forget_DeletesWhatTheStoreHolds_AndOfOthersNothing()
    {
        Write("here", "m", ("a", Bytes(1, 300)));
        var (key, other) = (await UploadAsync("m", "p/1"), await UploadAsync("m", "p/10"));

        await _here.ForgetAsync(At("here", "m"), key, Cancel);

        await Assert.ThrowsAsync<ArtifactsUnavailableException>(() => _there.EnsureAsync(At("there", "m"), key, null, Cancel));
        await _there.EnsureAsync(At("there", "m"), other, null, Cancel);
        Assert.Equal(Contents("here", "m"), Contents("there", "m"));
    }

    [Fact]
    public async Task WithoutAStore_NothingIsKeptNorBrought()
    {
        var alone = new FolderCopies(null, Path.Combine(_temporary.Path, "alone"), new(), _clock);
        Write("alone", "m", ("a", Bytes(1, 300)));

        Assert.Null(await alone.UploadAsync(At("alone", "m"), "p", null, null, Cancel));
        await alone.EnsureAsync(At("alone", "n"), null, null, Cancel);
        alone.Adopt(At("alone", "m"), null);

        Assert.True(alone.IsWhole(At("alone", "m")));
        Assert.Equal(["a"], Directory.EnumerateFiles(Path.Combine(_temporary.Path, "alone"), "*", SearchOption.AllDirectories)
            .Select(Path.GetFileName));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(1000)]
    [InlineData(1 << 20)]
    public async Task Packer_WithObjectsOfAnySize_LosesNothing(int packBytes)
    {
        (string, byte[])[] files = [.. Enumerable.Range(0, 30).Select(at => ($"f/{at:D2}", Bytes(at, at * 37)))];
        Write("here", "m", files);
        var packer = new FilePacker(_store, Path.Combine(_temporary.Path, "packs"), packBytes);
        var first = await packer.PackAsync(At("here", "m"), "p", FileListing.Empty, _ => true, Cancel);
        File.Delete(Path.Combine(At("here", "m"), "f/07"));
        Write("here", "m", ("f/40", Bytes(40, 1234)));

        var listing = await packer.PackAsync(At("here", "m"), "p", first, _ => true, Cancel);

        Assert.All(listing.Objects, part => Assert.InRange(part.Bytes, 1, packBytes));
        await new FileFetcher(_store, 3).FetchAsync(At("there", "m"), FileListing.Parse(listing.ToJson()), [.. listing.Files], Cancel);
        Assert.Equal(Contents("here", "m"), Contents("there", "m"));
    }

    private static byte[] Bytes(int seed, int count)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private FolderCopies Copies(string machine, long maxBytes = 1 << 30) =>
        new(_store, Path.Combine(_temporary.Path, machine), new() { MaxCacheBytes = maxBytes }, _clock);

    private async Task<string> UploadAsync(string name, string prefix = "p/first") =>
        (await _here.UploadAsync(At("here", name), prefix, null, null, Cancel))!;

    private string At(string machine, string name) => Path.Combine(_temporary.Path, machine, name);

    private void Write(string machine, string name, params (string Path, byte[] Content)[] files)
    {
        foreach (var (path, content) in files)
        {
            var file = Path.Combine(At(machine, name), path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllBytes(file, content);
        }
    }

    private SortedDictionary<string, string> Contents(string machine, string name) => new(
        (Directory.Exists(At(machine, name)) ? Directory.EnumerateFiles(At(machine, name), "*", SearchOption.AllDirectories) : [])
            .ToDictionary(
                file => Path.GetRelativePath(At(machine, name), file),
                file => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)))),
        StringComparer.Ordinal);

    private long StoredBytes() => new DirectoryInfo(Path.Combine(_temporary.Path, "store"))
        .EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
}
