using CnnService.Core.Datasets;
using CnnService.Core.Datasets.Revisions;

namespace CnnService.Engine.Tests.Imaging.Import;

public sealed class CifarFilesTests : IDisposable
{
    private readonly TestImaging _imaging = new();

    public void Dispose() => _imaging.Dispose();

    [Fact]
    public async Task Import_OfCifar10_NamesItsClassesAndTurnsPlanesIntoPixels()
    {
        var path = SomeImages.Pack("tar.gz", _imaging.Folder,
        [
            ("cifar-10-batches-bin/data_batch_1.bin", Records(1, 6)),
            ("cifar-10-batches-bin/test_batch.bin", Records(1, 2)),
            ("cifar-10-batches-bin/batches.meta.txt", "airplane\nautomobile\n\n"u8.ToArray()),
        ]);

        var (folder, imported) = await _imaging.ImportAsync(DatasetOrigin.Archive, path);

        var manifest = imported.Value;
        Assert.Equal(LayoutKind.Cifar, manifest.Layout.Kind);
        Assert.Equal(["airplane", "automobile"], manifest.Classes);
        Assert.Equal(2, SplitCounts.Count(manifest.Images).Test);
        var third = manifest.Images.Single(image => image.Source == "cifar-10-batches-bin/data_batch_1.bin/3");
        Assert.Equal("automobile", manifest.Classes[third.Label]);
        var file = await File.ReadAllBytesAsync(
            DatasetFolder.ImagePath(folder, third), TestContext.Current.CancellationToken);
        var pixels = _imaging.Decoder.Decode(file, DecodeTarget.Original).Value;
        Assert.Equal([3, 103, 203], pixels.Data[..3]); // Red, green and blue of its first pixel.
        Assert.Equal([(byte)(3 + 33), (byte)(103 + 33), (byte)(203 + 33)], pixels.Data[(3 * 33)..(3 * 34)]); // Second row, second column.
    }

    [Fact]
    public async Task Import_OfCifar100_TakesTheFineLabel()
    {
        var path = SomeImages.Pack("zip", _imaging.Folder,
        [
            ("train.bin", Records(2, 6)), ("test.bin", Records(2, 2)),
            ("fine_label_names.txt", "apple\nfish\n"u8.ToArray()), ("coarse_label_names.txt", "fruit\nanimal\n"u8.ToArray()),
        ]);

        Assert.Equal(["apple", "fish"], (await _imaging.ImportAsync(DatasetOrigin.Archive, path)).Result.Value.Classes);
    }

    [Fact]
    public async Task Import_OfAFileThatIsCut_RejectsIt()
    {
        var path = SomeImages.Pack("zip", _imaging.Folder,
            [("data_batch_1.bin", Records(1, 4)), ("data_batch_2.bin", Records(1, 4)[..^1])]);

        var manifest = (await _imaging.ImportAsync(DatasetOrigin.Archive, path)).Result.Value;

        Assert.Equal("it must have a multiple of 3073 bytes, and has 12291", Assert.Single(manifest.Rejected).Reason);
        Assert.Equal(["0", "1"], manifest.Classes);
    }

    /// <summary>Records whose last label is 0 or 1 in turn; the planes of number n begin with n, n+100 and n+200 and count up.</summary>
    private static byte[] Records(int labels, int count) =>
    [
        .. Enumerable.Range(0, count).SelectMany(number =>
            Enumerable.Range(0, labels).Select(label => (byte)(label == labels - 1 ? number % 2 : 1 - (number % 2)))
                .Concat(new[] { 0, 100, 200 }.SelectMany(plane => Enumerable.Range(0, 1024).Select(i => (byte)(number + plane + i))))),
    ];
}
