using CnnService.Core.Datasets;
using CnnService.Core.Datasets.Revisions;
using CnnService.Imaging.Import;
using CnnService.Imaging.Import.Parquet;

namespace CnnService.Engine.Tests.Imaging.Import;

/// <summary>
/// Parquet files of the four images of <see cref="CompressedTars"/>, as <c>image.bytes</c>, <c>image.path</c> and <c>label</c> (0: cat, 1:
/// dog) with Hugging Face's metadata. Those named arrow-… were written by Apache's parquet-cpp (ParquetSharp 25.0.1), that named js-… by
/// hyparquet-writer (pages of version 2), the others by DuckDB 1.5.6.
/// </summary>
public sealed class ParquetImagesTests : IDisposable
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Imaging", "Import", "Parquet");

    private readonly TestImaging _imaging = new();

    public static TheoryData<string> Files => new("arrow-snappy", "arrow-snappy-v2", "arrow-zstd", "arrow-gzip", "arrow-brotli",
        "arrow-uncompressed", "arrow-zstd-v2", "duck-snappy", "duck-zstd", "duck-text");

    /// <summary>Lists of labels.</summary>
    public static TheoryData<string> Lists => new("duck-lists", "duck-lists-named", "js-lists-v2");

    public void Dispose() => _imaging.Dispose();

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Import_OfASingleFile_FindsImagesAndNames(string file)
    {
        var (folder, imported) = await _imaging.ImportAsync(DatasetOrigin.Archive, PathOf(file));

        var manifest = imported.Value;
        Assert.Equal(LayoutKind.Parquet, manifest.Layout.Kind);
        Assert.Equal(["cat", "dog"], manifest.Classes);
        Assert.Empty(manifest.Rejected);
        var tar = await _imaging.ImportAsync(DatasetOrigin.Archive, await TarAsync(), "tar");
        Assert.Equal(tar.Result.Value.Images.Select(image => (image.Sha256, image.Label)).Order(),
            manifest.Images.Select(image => (image.Sha256, image.Label)).Order());
        Assert.Equal(4, Directory.GetFiles(Path.Combine(folder, DatasetFolder.ImagesFolder)).Length);
    }

    [Fact]
    public async Task Import_OfARepositoryOfFiles_TakesTheSplitsFromTheirNames()
    {
        var path = SomeImages.Pack("zip", _imaging.Folder,
        [
            ("README.md", "# animals"u8.ToArray()),
            ("animals/data/train-00000-of-00002.parquet", Content("arrow-snappy")),
            ("animals/data/train-00001-of-00002-0a1b2c.parquet", Content("duck-zstd")),
            ("animals/data/validation-00000-of-00001.parquet", Content("arrow-gzip")),
            ("animals/assets/logo.png", SomeImages.Png(3)),
        ]);

        var (_, imported) = await _imaging.ImportAsync(DatasetOrigin.Archive, path);

        Assert.Equal(new SplitCounts(8, 4, 0), SplitCounts.Count(imported.Value.Images));
        Assert.Equal(["README.md", "animals/assets/logo.png"], imported.Value.Rejected.Select(file => file.Path));
        Assert.Contains("The images and their labels were read from parquet files.", imported.Value.Notes);
        Assert.Empty(Directory.GetFiles(Path.Combine(_imaging.Folder, "pixels"), "spool-*"));
    }

    [Fact]
    public async Task Import_OfRowsWithoutImageOrLabel_ListsEach()
    {
        var (_, imported) = await _imaging.ImportAsync(DatasetOrigin.Archive, PathOf("odd"));

        Assert.Equal(4, imported.Value.Images.Count);
        Assert.Equal(
            ["data.parquet/2: it has no label", "data.parquet/3: its label is 7, and there are 2 classes",
                "data.parquet/4: it has no label", "data.parquet/5: the row has no image"],
            imported.Value.Rejected.Select(row => $"{row.Path}: {row.Reason}"));
    }

    [Fact]
    public async Task Import_OfMoreRowsThanADataSetMayHave_IsRefused()
    {
        using var imaging = new TestImaging(limits => limits.MaxEntries = 3);

        var (_, imported) = await imaging.ImportAsync(DatasetOrigin.Archive, PathOf("arrow-snappy"));

        Assert.Equal("dataset.too-many-files", imported.Problem?.Code);
    }

    [Fact]
    public async Task Import_OfTwoColumnsOfLabels_TellsThem()
    {
        var (_, imported) = await _imaging.ImportAsync(DatasetOrigin.Archive, PathOf("two-labels"));

        Assert.Equal("dataset.layout-ambiguous", imported.Problem?.Code);
        Assert.Contains("'fine_label', 'coarse_label'", imported.Problem?.Detail, StringComparison.Ordinal);
    }

    /// <summary>The rows have cat and tame (once with a null between), an empty list, null, and dog (once twice).</summary>
    [Theory]
    [MemberData(nameof(Lists))]
    public async Task Import_OfListsOfLabels_GivesEachImageItsOwn(string file)
    {
        var (_, imported) = await _imaging.ImportAsync(DatasetOrigin.Archive, PathOf(file));

        var manifest = imported.Value;
        Assert.Equal((LayoutKind.Parquet, DatasetTask.MultiLabel), (manifest.Layout.Kind, manifest.Task));
        Assert.Equal(["cat", "dog", "tame"], manifest.Classes);
        Assert.Equal(
            ["", "cat+tame", "dog"],
            manifest.Images.Select(image => string.Join('+', manifest.NamesOf(image.Label).Order())).Order());
        Assert.Equal("data.parquet/2: it has no label",
            Assert.Single(manifest.Rejected.Select(row => $"{row.Path}: {row.Reason}")));
    }

    [Fact]
    public async Task Import_OfListsOfOneLabelEach_HasOneLabelAnImage()
    {
        var (_, imported) = await _imaging.ImportAsync(DatasetOrigin.Archive, PathOf("duck-lists-of-one"));

        Assert.Equal(DatasetTask.SingleLabel, imported.Value.Task);
        Assert.Equal(["cat", "dog"], imported.Value.Classes);
        Assert.Equal(4, imported.Value.Images.Count);
    }

    /// <summary>Class 0 twice, 1 and 0, −1 and 0, 7 and 0, null and 0; a row without an image.</summary>
    [Fact]
    public async Task Import_OfListsWithWhatIsNoLabel_ListsTheRows()
    {
        var (_, imported) = await _imaging.ImportAsync(DatasetOrigin.Archive, PathOf("list"));

        Assert.Equal(DatasetTask.MultiLabel, imported.Value.Task);
        Assert.Equal(["0", "1", "7"], imported.Value.Classes); // Nothing in the file names them.
        Assert.Equal(["data.parquet/5: the row has no image"], imported.Value.Rejected.Select(row => $"{row.Path}: {row.Reason}"));
    }

    [Theory]
    [InlineData("data/train-00000-of-00002.parquet", Split.Train)]
    [InlineData("data/train-00000-of-00001-b42a775f407cee45.parquet", Split.Train)]
    [InlineData("test-00003-of-00010.parquet", Split.Test)]
    [InlineData("default/partial-train/0000.parquet", Split.Train)]
    [InlineData("plain_text/validation/0000.parquet", Split.Validation)]
    [InlineData("train/images.parquet", Split.Train)]
    [InlineData("0000.parquet", null)]
    [InlineData("data.parquet", null)]
    public void SplitOf_TheUsualNames_IsTheSplit(string path, Split? split) => Assert.Equal(split, ParquetImages.SplitOf(path));

    [Theory]
    [MemberData(nameof(Files))]
    [MemberData(nameof(Lists))]
    public void Read_OfAFileThatIsDamagedAnywhere_GivesRowsOrTellsIt(string file)
    {
        var whole = Content(file);
        for (var bit = 0; bit < 8 * whole.Length; bit += 3)
        {
            var damaged = whole.ToArray();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.InRange(Rows(damaged), 0, 5);
        }

        for (var length = 0; length < whole.Length; length += 7)
        {
            Assert.InRange(Rows(whole[..length]), 0, 1);
        }
    }

    [Theory]
    [InlineData("00", 0, "")]
    [InlineData("0A1068656C6C6F0505", 10, "hellohello")] // Five letters, then a copy of five from five before.
    [InlineData("0B1068656C6C6F0905", 11, "hellohelloh")] // A copy of six from five before: it repeats what it has just written.
    public void SnappyBlock_OfHandMadeBlocks_IsTheirText(string block, int length, string text)
    {
        var target = new byte[length];
        SnappyBlock.Decompress(Convert.FromHexString(block), target);

        Assert.Equal(text, System.Text.Encoding.ASCII.GetString(target));
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("05106865", 5)] // The literal ends beyond the block.
    [InlineData("041068656C6C6F", 4)] // The literal ends beyond the target.
    [InlineData("0A1068656C6C6F0506", 10)] // The copy begins before the first byte.
    [InlineData("0A1068656C6C6F0500", 10)] // The copy begins at itself.
    [InlineData("0A1068656C6C6F0905", 10)] // The copy ends beyond the target.
    [InlineData("0A1068656C6C6F", 10)] // Fewer bytes than the block says.
    [InlineData("051068656C6C6F", 6)] // Fewer bytes than the page says.
    public void SnappyBlock_OfDamagedBlocks_SaysSo(string block, int length) => Assert.Throws<InvalidDataException>(
        () => SnappyBlock.Decompress(Convert.FromHexString(block), new byte[length]));

    [Fact]
    public async Task Import_WithFoldersAskedFor_LeavesParquetAlone()
    {
        var path = SomeImages.Pack("zip", _imaging.Folder,
        [
            ("data/train.parquet", Content("arrow-snappy")),
            .. Enumerable.Range(0, 4).Select(i => ($"{(i < 2 ? "x" : "y")}/{i}.png", SomeImages.Png(i))),
        ]);

        var (_, imported) = await _imaging.ImportAsync(DatasetOrigin.Archive, path, layout: new() { Kind = LayoutKind.Folders });

        Assert.Equal(["x", "y"], imported.Value.Classes);
        Assert.Equal("it is no image", Assert.Single(imported.Value.Rejected).Reason);
    }

    [Fact]
    public async Task Import_WithParquetAskedForAndNoneThere_SaysSo()
    {
        var path = SomeImages.Pack(
            "zip", _imaging.Folder, [.. Enumerable.Range(0, 4).Select(i => ($"x{i % 2}/{i}.png", SomeImages.Png(i)))]);

        var (_, imported) = await _imaging.ImportAsync(DatasetOrigin.Archive, path, layout: new() { Kind = LayoutKind.Parquet });

        Assert.Equal("dataset.no-classes", imported.Problem?.Code);
        Assert.Contains("layout=parquet was asked for", imported.Problem?.Detail, StringComparison.Ordinal);
    }

    private static string PathOf(string file) => Path.Combine(Folder, $"{file}.parquet");

    private static byte[] Content(string file) => File.ReadAllBytes(PathOf(file));

    private static int Rows(byte[] file)
    {
        try
        {
            return ParquetImages.Read("data.parquet", new MemoryStream(file), 1 << 20, _ => { }).Count();
        }
        catch (SourceRefusedException)
        {
            return 0; // The names of the columns were hit.
        }
    }

    private async Task<string> TarAsync()
    {
        var path = Path.Combine(_imaging.Folder, "a.tar");
        await File.WriteAllBytesAsync(path, CompressedTars.Bytes("zstd"), TestContext.Current.CancellationToken);
        return path;
    }
}
