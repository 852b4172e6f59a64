using CnnService.Core.Datasets;
using CnnService.Core.Datasets.Revisions;

namespace CnnService.Engine.Tests.Imaging.Cache;

/// <summary>The cache may be lost, torn or rotten at any time; the images stay the same.</summary>
public sealed class PixelCacheTests : IAsyncLifetime
{
    private readonly TestImaging _imaging = new();
    private string _folder = null!;
    private DatasetManifest _manifest = null!;

    public async ValueTask InitializeAsync()
    {
        var source = SomeImages.Pack("zip", _imaging.Folder,
            Enumerable.Range(0, 12).Select(i => ($"{(i % 2 == 0 ? "a" : "b")}/{i}.png", SomeImages.Png(i, 10))));
        var (folder, result) = await _imaging.ImportAsync(DatasetOrigin.Archive, source);
        (_folder, _manifest) = (folder, result.Value);
    }

    public ValueTask DisposeAsync()
    {
        _imaging.Dispose();
        return ValueTask.CompletedTask;
    }

    public static TheoryData<string> Losses => ["deleted", "truncated", "flipped pixel", "flipped index", "emptied", "longer"];

    [Theory]
    [MemberData(nameof(Losses))]
    public void Open_AfterTheFileIs_GivesTheSameImagesAgain(string loss)
    {
        var before = Read();
        foreach (var path in Directory.GetFiles(Path.Combine(_imaging.Folder, "pixels")))
        {
            Spoil(path, loss);
        }

        Assert.Equal(before, Read());
    }

    [Fact]
    public void Open_WholeFile_IsNotBuiltAgain()
    {
        Read();
        var file = Directory.GetFiles(Path.Combine(_imaging.Folder, "pixels")).OrderByDescending(path => new FileInfo(path).Length).First();
        var written = File.GetLastWriteTimeUtc(file);
        File.Delete(DatasetFolder.ImagePath(_folder, _manifest.Images[0]));

        Assert.NotEmpty(Read());
        Assert.Equal(written, File.GetLastWriteTimeUtc(file));
    }

    [Fact]
    public void Open_ImageGoneAndCacheGone_NamesTheImage()
    {
        Directory.Delete(Path.Combine(_imaging.Folder, "pixels"), recursive: true);
        var lost = _manifest.Images.First(image => image.Split == Split.Train);
        File.Delete(DatasetFolder.ImagePath(_folder, lost));

        var problem = _imaging.Cache.Open(_folder, _manifest, Split.Train, 10, 10, 3, CancellationToken.None).Problem;

        Assert.Equal("dataset.image-missing", problem?.Code);
        Assert.Contains(lost.Id, problem!.Detail, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Path.Combine(_imaging.Folder, "pixels")));
    }

    [Fact]
    public async Task Open_ByManyAtOnce_AllHaveTheSameImages()
    {
        Directory.Delete(Path.Combine(_imaging.Folder, "pixels"), recursive: true);

        var read = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(Read)));

        Assert.All(read, one => Assert.Equal(read[0], one));
    }

    [Fact]
    public async Task Open_AfterImagesWereAdded_DecodesTheNewOnesOnly()
    {
        Read();
        foreach (var image in _manifest.Images)
        {
            File.WriteAllBytes(DatasetFolder.ImagePath(_folder, image), [0]); // What is decoded again fails.
        }

        var added = await _imaging.Editor.AddAsync(
            _folder, Split.Train, ["a"], [("new.png", SomeImages.Png(77, 10))], CancellationToken.None);

        using var pixels = _imaging.Cache.Open(_folder, added.Value.Manifest, Split.Train, 10, 10, 3, CancellationToken.None).Value;
        var place = added.Value.Manifest.Images.IndexIn(Split.Train, added.Value.Added[0].Id);
        Assert.Equal(_imaging.Decoder.Decode(SomeImages.Png(77, 10), new(10, 10, 3)).Value.Data, pixels.Pixels(place).ToArray());
        Assert.Equal(added.Value.Manifest.Images.Of(Split.Train).Select(image => image.Label),
            Enumerable.Range(0, pixels.Count).Select(pixels.Label));
    }

    [Fact]
    public async Task Open_AfterManyAdditions_PutsThePacksTogether()
    {
        Read();
        var now = _manifest;
        for (var i = 0; i < 40; i++)
        {
            now = (await _imaging.Editor.AddAsync(
                _folder, Split.Train, ["b"], [($"{i}.png", SomeImages.Png(100 + i, 10))], CancellationToken.None)).Value.Manifest;
            _imaging.Cache.Open(_folder, now, Split.Train, 10, 10, 3, CancellationToken.None).Value.Dispose();
        }

        Assert.InRange(Directory.GetFiles(Path.Combine(_imaging.Folder, "pixels")).Length, 1, 17);
        using var pixels = _imaging.Cache.TryOpen(now, Split.Train, 10, 10, 3);
        foreach (var (index, image) in now.Images.Of(Split.Train).Index())
        {
            var file = File.ReadAllBytes(DatasetFolder.ImagePath(_folder, image));
            Assert.Equal(_imaging.Decoder.Decode(file, new(10, 10, 3)).Value.Data, pixels!.Pixels(index).ToArray());
        }
    }

    private byte[] Read()
    {
        using var pixels = _imaging.Cache.Open(_folder, _manifest, Split.Train, 10, 10, 3, CancellationToken.None).Value;
        return [.. Enumerable.Range(0, pixels.Count).SelectMany(i => pixels.Pixels(i).ToArray().Append((byte)pixels.Label(i)))];
    }

    private static void Spoil(string path, string loss)
    {
        var bytes = File.ReadAllBytes(path);
        switch (loss)
        {
            case "deleted":
                File.Delete(path);
                return;
            case "truncated":
                bytes = bytes[..^1];
                break;
            case "flipped pixel":
                bytes[4096 + 150] ^= 1; // The pixels follow a header of a page.
                break;
            case "flipped index":
                bytes[^1] ^= 1;
                break;
            case "emptied":
                bytes = [];
                break;
            default:
                bytes = [.. bytes, 0];
                break;
        }

        File.WriteAllBytes(path, bytes);
    }
}
