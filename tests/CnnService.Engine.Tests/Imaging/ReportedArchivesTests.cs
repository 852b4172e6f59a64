using System.IO.Compression;
using System.Text;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Tests.Shared;

namespace CnnService.Engine.Tests.Imaging;

/// <summary>Archives of public bug reports, and names as programs of other code pages write them.</summary>
public sealed class ReportedArchivesTests : IDisposable
{
    private readonly TestImaging _imaging = new();

    public void Dispose() => _imaging.Dispose();

    [Theory]
    [InlineData("flat_license_small.zip", "daisy roses", 6, 0)]
    [InlineData("kaggle_nested_small.zip", "cats dogs", 6, 4)]
    [InlineData("nfd_small.zip", "K\u00e4fer M\u00f6we", 10, 0)]
    public async Task Import_OfAnArchiveThatMeansOneThing_FindsItsClasses(string file, string classes, int trainOrValidation, int test)
    {
        var manifest = (await ImportAsync(file)).Value;

        Assert.Equal(classes.Split(' '), manifest.Classes);
        Assert.Equal(test, manifest.Images.Count(image => image.Split == Split.Test));
        Assert.Equal(trainOrValidation, manifest.Images.Count(image => image.Split != Split.Test));
    }

    [Fact]
    public async Task Import_OfATableThatFitsTwoSplits_IsRefused() =>
        Assert.Equal("dataset.layout-ambiguous", (await ImportAsync("flat_csv_small.zip")).Problem?.Code);

    [Fact]
    public async Task Import_OfNamesInCodePage866_IsRefusedWithTheBytesUntilTheCodePageIsNamed()
    {
        var refused = (await ImportAsync("cp866_small.zip")).Problem!;
        Assert.Equal("dataset.name-encoding", refused.Code);
        Assert.Contains("AAAEE2", refused.Detail, StringComparison.Ordinal); // кот

        Assert.Equal(["кот", "пёс"], (await ImportAsync("cp866_small.zip", "cp866")).Value.Classes);
    }

    [Theory]
    [InlineData("shift_jis", "猫", "犬")]
    [InlineData("gbk", "猫", "狗")]
    [InlineData("windows-1252", "café", "thé")]
    [InlineData("iso-2022-jp", "猫", "犬")]
    public async Task Import_OfNamesInANamedCodePage_DecodesThem(string encoding, string first, string second)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var path = Path.Combine(_imaging.Folder, "named.zip");
        using (var zip = new ZipArchive(File.Create(path), ZipArchiveMode.Create, leaveOpen: false, Encoding.GetEncoding(encoding)))
        {
            foreach (var (name, i) in new[] { first, first, second, second }.Select((name, i) => (name, i)))
            {
                using var entry = zip.CreateEntry($"{name}/{i}.png").Open();
                entry.Write(SomeImages.Png(i));
            }
        }

        var (_, imported) = await _imaging.ImportAsync(DatasetOrigin.Archive, path, nameEncoding: encoding);

        Assert.Equal(new[] { first, second }.Order(StringComparer.Ordinal), imported.Value.Classes);
    }

    [Fact]
    public async Task Import_WithAnUnknownCodePage_TellsTheRule()
    {
        var (_, imported) = await _imaging.ImportAsync(DatasetOrigin.Archive, "unread.zip", nameEncoding: "klingon");

        Assert.Equal("request.invalid", imported.Problem?.Code);
    }

    private async Task<Outcome<DatasetManifest>> ImportAsync(string file, string? nameEncoding = null) =>
        (await _imaging.ImportAsync(DatasetOrigin.Archive, SharedData.Path("bug-reports", file), file + nameEncoding, nameEncoding)).Result;
}
