using CnnService.Core.Datasets;

namespace CnnService.Engine.Tests.Imaging.Import;

/// <summary>What archives and folders of people look like, and what becomes of them.</summary>
public sealed class LayoutTests : IDisposable
{
    private readonly TestImaging _imaging = new();

    public static TheoryData<string> Kinds => ["zip", "tar", "tar.gz", "folder"];

    public void Dispose() => _imaging.Dispose();

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Import_AFolderAClass_HasThoseClassesAndASplitOfItsOwn(string kind)
    {
        var manifest = (await ImportAsync(kind, Classes(string.Empty, 10))).Value;

        Assert.Equal(["cats", "dogs"], manifest.Classes);
        Assert.Equal((20, 0), (manifest.Images.Count, manifest.Images.CountOf(Split.Test)));
        Assert.All(manifest.CountByClass(Split.Validation), drawn => Assert.InRange(drawn, 1, 5)); // A fifth, by chance.
        Assert.Empty(manifest.Rejected);
        Assert.Equal(3, manifest.Channels);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Import_SplitsAndAFolderAroundThem_KeepsTheSplits(string kind)
    {
        var manifest = (await ImportAsync(kind,
            [.. Classes("pets/Train/", 6), .. Classes("pets/val/", 3, from: 20), .. Classes("pets/test/", 2, from: 40)])).Value;

        Assert.Equal(["cats", "dogs"], manifest.Classes);
        Assert.Equal([6, 6, 3, 3, 2, 2], Counts(manifest));
    }

    [Fact]
    public async Task Import_SplitsWithoutValidation_TakesItFromTraining()
    {
        var manifest = (await ImportAsync("zip", [.. Classes("train/", 10), .. Classes("test/", 2, from: 40)])).Value;

        Assert.Equal([10, 10], manifest.CountByClass(Split.Train).Zip(manifest.CountByClass(Split.Validation), (a, b) => a + b));
        Assert.All(manifest.CountByClass(Split.Validation), drawn => Assert.InRange(drawn, 1, 5));
        Assert.Equal([2, 2], manifest.CountByClass(Split.Test));
    }

    [Fact]
    public async Task Import_WithMoreImages_LeavesTheOthersInTheirSplit()
    {
        async Task<Dictionary<string, Split>> SplitsAsync(int each)
        {
            var apart = Directory.CreateDirectory(Path.Combine(_imaging.Folder, $"source{each}")).FullName;
            var source = SomeImages.Pack("zip", apart, Classes(string.Empty, each));
            var (_, result) = await _imaging.ImportAsync(DatasetOrigin.Archive, source, $"data{each}");
            return result.Value.Images.ToDictionary(image => image.Source, image => image.Split);
        }

        var (few, many) = (await SplitsAsync(30), await SplitsAsync(60));

        Assert.All(few, image => Assert.Equal(image.Value, many[image.Key]));
    }

    [Fact]
    public async Task Import_FoldersBelowAClass_BelongToTheClass()
    {
        var manifest = (await ImportAsync("zip", [.. Classes(string.Empty, 3), ("dogs/more/rex.png", SomeImages.Png(99))])).Value;

        Assert.Contains(manifest.Images, image => image.Source == "dogs/more/rex.png" && manifest.Classes[image.Label] == "dogs");
    }

    [Fact]
    public async Task Import_AClassWhoseImagesAreAllRejected_IsNotLostInSilence()
    {
        var manifest = (await ImportAsync(
            "zip", [.. Classes("pets/", 3), ("pets/birds/1.png", [1, 2, 3]), ("pets/birds/2.png", [4, 5, 6])])).Value;

        Assert.Equal(["cats", "dogs"], manifest.Classes);
        Assert.StartsWith("None of the 2 files in the folder 'pets/birds' could be taken", Assert.Single(manifest.Notes),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("zip")]
    [InlineData("tar")]
    [InlineData("folder")]
    public async Task Import_AClassWhoseFolderIsEmpty_IsNotLostInSilence(string kind)
    {
        var manifest = (await ImportAsync(
            kind, [.. Classes("pets/", 3), ("pets/birds/", []), ("pets/cats/empty/", []), ("pets/.cache/", [])])).Value;

        Assert.Equal(["cats", "dogs"], manifest.Classes);
        Assert.Equal("The folder 'pets/birds' is empty, so that no class comes of it here.", Assert.Single(manifest.Notes));
        Assert.Equal(["birds"], manifest.Layout.MissingClasses);
    }

    [Fact]
    public async Task Import_AnEmptyFolderOfASplit_WhoseClassIsElsewhere_IsToldAndIsNoMissingClass()
    {
        var manifest = (await ImportAsync(
            "zip", [.. Classes("train/", 3), ("validation/dogs/9.png", SomeImages.Png(90)), ("validation/cats/", [])])).Value;

        Assert.Equal(
            [
                "The folder 'validation/cats' is empty, so that no class comes of it here.",
                "Without validation images, which other classes have: cats. How well a network knows it is not measured.",
            ],
            manifest.Notes);
        Assert.Empty(manifest.Layout.MissingClasses);
    }

    [Fact]
    public async Task Import_WhatIsNoImageOrLiesNowhere_IsListedWithItsReason()
    {
        var manifest = (await ImportAsync(
            "zip",
            [
                .. Classes(string.Empty, 3),
                ("dogs/notes.txt", "not an image"u8.ToArray()),
                ("dogs/torn.png", SomeImages.Png(50)[..40]),
                ("loose.png", SomeImages.Png(51)),
                ("__MACOSX/dogs/._0.png", [1, 2, 3]),
                ("dogs/.DS_Store", [1, 2, 3]),
            ])).Value;

        Assert.Equal(["dogs/notes.txt", "dogs/torn.png", "loose.png"], manifest.Rejected.Select(file => file.Path));
        Assert.Equal("it lies in no class's folder", manifest.Rejected[2].Reason);
        Assert.All(manifest.Rejected, file => Assert.NotEmpty(file.Reason));
        Assert.Equal(6, manifest.Images.Count);
    }

    [Fact]
    public async Task Import_ClassNamesOfAnyScript_AreKeptAsTheyAre()
    {
        var manifest = (await ImportAsync("zip", [("été/0.png", SomeImages.Png(1)), ("猫/0.png", SomeImages.Png(3))])).Value;

        Assert.Equal(["été", "猫"], manifest.Classes);
    }

    [Fact]
    public async Task Import_GreyImagesOnly_HasOneChannel()
    {
        var encoder = new Core.Drawing.Png.PngEncoder();
        byte[] Grey(byte level) => encoder.Encode(new(4, 4, 1, [.. Enumerable.Repeat(level, 16)]), []);

        var (folder, result) = await PackAsync(
            "zip", [("a/0.png", Grey(0)), ("a/1.png", Grey(100)), ("b/0.png", Grey(200)), ("b/1.png", Grey(250))]);

        Assert.Equal(1, result.Value.Channels);
        using var pixels = _imaging.Cache.Open(folder, result.Value, Split.Train, 4, 4, 1, CancellationToken.None).Value;
        Assert.Equal(16, pixels.Pixels(0).Length);
        Assert.Equal(result.Value.Mean[0], Enumerable.Range(0, pixels.Count).Average(i => pixels.Pixels(i)[0] / 255.0), 1e-6);
    }

    [Fact]
    public async Task Import_TheSameArchiveTwice_GivesTheSameDataSetAndTheSameBytes()
    {
        var source = SomeImages.Pack("zip", _imaging.Folder, Classes(string.Empty, 10));
        var (firstFolder, first) = await _imaging.ImportAsync(DatasetOrigin.Archive, source, "first");
        var (secondFolder, second) = await _imaging.ImportAsync(DatasetOrigin.Archive, source, "second");

        Assert.Equal(first.Value.Digest, second.Value.Digest);
        Assert.Equal(first.Value.Images, second.Value.Images);
        using var one = _imaging.Cache.Open(firstFolder, first.Value, Split.Train, 8, 8, 3, CancellationToken.None).Value;
        using var other = _imaging.Cache.Open(secondFolder, second.Value, Split.Train, 8, 8, 3, CancellationToken.None).Value;
        Assert.All(Enumerable.Range(0, one.Count), i => Assert.True(one.Pixels(i).SequenceEqual(other.Pixels(i))));
    }

    [Fact]
    public async Task Import_OneColourAnImage_CachesThatColourAndItsMean()
    {
        byte[][] colors = [[10, 20, 30], [50, 60, 70], [200, 0, 100], [0, 255, 255]];
        var (folder, result) = await PackAsync(
            "zip", colors.Select((color, i) => ($"{(i < 2 ? "a" : "b")}/{i}.png", SomeImages.Png(color, 12))));

        using var pixels = _imaging.Cache.Open(folder, result.Value, Split.Train, 6, 5, 3, CancellationToken.None).Value;
        var train = result.Value.Images.Where(image => image.Split == Split.Train).ToArray();

        for (var i = 0; i < pixels.Count; i++)
        {
            var color = colors[int.Parse(train[i].Source[2..^4], System.Globalization.CultureInfo.InvariantCulture)];
            Assert.All(pixels.Pixels(i).ToArray().Chunk(3), pixel => Assert.Equal(color, pixel));
        }

        var mean = Enumerable.Range(0, 3)
            .Select(c => train.Average(
                image => colors[int.Parse(image.Source[2..^4], System.Globalization.CultureInfo.InvariantCulture)][c] / 255.0));
        Assert.All(mean.Zip(result.Value.Mean), pair => Assert.Equal(pair.First, pair.Second, 1e-9));
    }

    private static IEnumerable<(string Path, byte[] Content)> Classes(string prefix, int each, int from = 0) =>
        new[] { "dogs", "cats" }.SelectMany((name, label) => Enumerable.Range(from, each)
            .Select(i => ($"{prefix}{name}/{i}.png", SomeImages.Png((100 * label) + i))));

    /// <summary>Training, validation, test images, each class by class; splits without images left out.</summary>
    private static int[] Counts(DatasetManifest manifest) =>
        [.. manifest.Images.GroupBy(image => (image.Split, image.Label)).OrderBy(group => group.Key).Select(group => group.Count())];

    private async Task<Core.Common.Outcome<DatasetManifest>> ImportAsync(string kind, IEnumerable<(string Path, byte[] Content)> entries) =>
        (await PackAsync(kind, entries)).Result;

    private async Task<(string Folder, Core.Common.Outcome<DatasetManifest> Result)> PackAsync(
        string kind, IEnumerable<(string Path, byte[] Content)> entries) =>
        await _imaging.ImportAsync(
            kind == "folder" ? DatasetOrigin.Folder : DatasetOrigin.Archive, SomeImages.Pack(kind, _imaging.Folder, entries));
}
