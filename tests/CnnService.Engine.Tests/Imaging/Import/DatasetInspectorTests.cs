using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Tests.Shared;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace CnnService.Engine.Tests.Imaging.Import;

public sealed class DatasetInspectorTests : IDisposable
{
    private readonly TestImaging _imaging = new();

    public void Dispose() => _imaging.Dispose();

    [Theory]
    [InlineData("flat_license_small.zip", null)]
    [InlineData("kaggle_nested_small.zip", null)]
    [InlineData("nfd_small.zip", null)]
    [InlineData("cp866_small.zip", "cp866")]
    public async Task Inspect_OfWholeImages_TellsWhatTheImportGives(string file, string? encoding)
    {
        var source = SharedData.Path("bug-reports", file);
        var inspection = (await InspectAsync(source, encoding)).Value;
        var imported = (await _imaging.ImportAsync(DatasetOrigin.Archive, source, "data", encoding)).Result.Value;

        Assert.Equal(imported.Classes, inspection.Classes.Select(found => found.Name));
        Assert.Equal(SplitCounts.Count(imported.Images), inspection.Splits);
        Assert.Equal(imported.Classes.Select((_, label) => SplitCounts.Count(imported.Images.Where(image => image.Label == label))),
            inspection.Classes.Select(found => found.Images));
        Assert.Equal(imported.Notes, inspection.Notes);
        Assert.Equal(imported.Rejected, inspection.Rejected);
        Assert.Equal(imported.Channels, inspection.Channels);
    }

    [Fact]
    public async Task Inspect_ShowsFiveImagesOfEachClassAndLeavesNothingBehind()
    {
        var before = Directory.GetFileSystemEntries(_imaging.Folder);
        var source = SomeImages.Pack("zip", _imaging.Folder,
            [.. Enumerable.Range(0, 12).Select(i => ($"{(i < 8 ? "cats" : "dogs")}/{i:D2}.png", SomeImages.Png(i)))]);

        var inspection = (await InspectAsync(source)).Value;

        Assert.Equal(["cats/00.png", "cats/01.png", "cats/02.png", "cats/03.png", "cats/04.png"], inspection.Classes[0].Examples);
        Assert.Equal(4, inspection.Classes[1].Examples.Count);
        Assert.Equal([.. before, source], Directory.GetFileSystemEntries(_imaging.Folder));
    }

    [Fact]
    public async Task Inspect_OfNoImages_TellsWhy()
    {
        var source = SomeImages.Pack("zip", _imaging.Folder, [("a/b.txt", "text"u8.ToArray())]);

        Assert.Equal("dataset.no-images", (await InspectAsync(source)).Problem?.Code);
    }

    [Fact]
    public async Task Inspect_ThatTakesTooLong_IsGivenUp()
    {
        var clock = new FakeTimeProvider();
        using var imaging = new TestImaging(
            limits => (limits.InspectionTimeLimit, limits.StallLimit) = (TimeSpan.FromMinutes(1), TimeSpan.FromHours(1)),
            services => services.AddSingleton<TimeProvider>(clock).AddSingleton<IImageDecoder>(new SlowDecoder(clock)));
        var source = SomeImages.Pack("zip", imaging.Folder, [("a/1.png", SomeImages.Png(1)), ("b/2.png", SomeImages.Png(2))]);
        var import = new DatasetImport { Name = "data", Origin = DatasetOrigin.Archive, Source = source, Folder = string.Empty };

        var outcome = await imaging.Inspector.InspectAsync(import, TestContext.Current.CancellationToken);

        Assert.Equal("dataset.inspection-too-slow", outcome.Problem?.Code);
    }

    private Task<Outcome<DatasetInspection>> InspectAsync(string source, string? encoding = null) => _imaging.Inspector.InspectAsync(
        new() { Name = "data", Origin = DatasetOrigin.Archive, Source = source, Folder = string.Empty, NameEncoding = encoding },
        TestContext.Current.CancellationToken);

    /// <summary>Each header takes it more than the time that an inspection has.</summary>
    private sealed class SlowDecoder(FakeTimeProvider clock) : IImageDecoder
    {
        public Outcome<ImageHeader> ReadHeader(ReadOnlyMemory<byte> file)
        {
            clock.Advance(TimeSpan.FromMinutes(2));
            return new ImageHeader("image/png", 8, 8, IsGrey: false);
        }

        public Outcome<PixelBuffer> Decode(ReadOnlyMemory<byte> file, DecodeTarget target) => throw new NotSupportedException();
    }
}
