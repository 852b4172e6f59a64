using CnnService.Core.Datasets;
using CnnService.Core.Datasets.Revisions;

namespace CnnService.Core.Tests.Datasets.Revisions;

public sealed class RevisionFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Read_OfWhatWasWritten_GivesEverythingBack()
    {
        var written = SomeRevision.Of(SomeRevision.Images(1300), new("a/b.txt", "it is no image"), new("ü.gif", "it is empty"));

        var read = DatasetFolder.Publish(_folder.Root, written);

        Assert.Equal(written.Images, read.Images);
        Assert.Equal(written.Images.Select(image => image.Bytes), read.Images.Select(image => image.Bytes));
        Assert.Equal(written.Rejected, read.Rejected);
        Assert.Equal((written.Digest, written.Bytes, written.Moments, written.DecodeSide, written.CreatedAt),
            (read.Digest, read.Bytes, read.Moments, read.DecodeSide, read.CreatedAt));
        Assert.Equal(written.Classes, read.Classes);
        Assert.Equal(written.Notes, read.Notes);
        Assert.Equal(written.Mean, read.Mean);
        Assert.Equal(written.CountByClass(Split.Train), read.CountByClass(Split.Train));
        Assert.Equal((1, RevisionChange.Imported, 1300, SomeRevision.Now),
            (read.Revision.Number, read.Revision.Change, read.Revision.Images, read.Revision.At));
    }

    [Fact]
    public void Publish_NamesTheFileByItsHash()
    {
        var read = DatasetFolder.Publish(_folder.Root, SomeRevision.Of(SomeRevision.Images(5)));

        var file = Assert.Single(Directory.GetFiles(_folder["revisions"]));
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file)));
        Assert.Equal(($"00000001-{hash}.revision", hash), (Path.GetFileName(file), read.Revision.Hash));
    }

    [Fact]
    public void Images_AskedForInEveryWay_AreThoseOfTheList()
    {
        var whole = SomeRevision.Of(SomeRevision.Images(700));
        var read = DatasetFolder.Publish(_folder.Root, whole).Images;

        Assert.Equal(whole.Images.Count, read.Count);
        foreach (var (index, image) in whole.Images.Index())
        {
            Assert.Equal(image, read[index]);
            Assert.Equal(index, read.IndexOf(image.Id));
            Assert.Equal(whole.Images.IndexIn(image.Split, image.Id), read.IndexIn(image.Split, image.Id));
        }

        Assert.Equal((-1, null), (read.IndexOf("none"), read.Find("none")));
        Assert.Throws<ArgumentOutOfRangeException>(() => read[700]);
        Assert.Throws<ArgumentOutOfRangeException>(() => read.Of(Split.Test)[read.CountOf(Split.Test)]);
        foreach (var split in new Split?[] { null, Split.Train, Split.Validation, Split.Test })
        {
            foreach (var label in new int?[] { null, 0, 1, 2, 3 })
            {
                DatasetImage[] wanted = [
                    .. whole.Images.Where(image => (split ?? image.Split) == image.Split && (label ?? image.Label) == image.Label)];
                Assert.Equal(wanted.Skip(60).Take(50), read.Page(split, label, 60, 50));
                Assert.Equal(wanted, read.Page(split, label, 0, 1000));
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(-1)]
    public void Read_OfATornFile_IsCorrupt(int length)
    {
        DatasetFolder.Publish(_folder.Root, SomeRevision.Of(SomeRevision.Images(5)));
        var file = Directory.GetFiles(_folder["revisions"])[0];
        File.WriteAllBytes(file, File.ReadAllBytes(file)[..(length < 0 ? ^1 : length)]);

        Assert.Equal("dataset.corrupt", DatasetFolder.ReadManifest(_folder.Root).Problem?.Code);
    }

    [Fact]
    public void Read_OfFilesOfNoise_NeverThrows()
    {
        DatasetFolder.Publish(_folder.Root, SomeRevision.Of(SomeRevision.Images(20), new RejectedFile("x", "y")));
        var file = Directory.GetFiles(_folder["revisions"])[0];
        var whole = File.ReadAllBytes(file);
        var random = new Random(1);
        for (var round = 0; round < 300; round++)
        {
            var noisy = whole.ToArray();
            noisy[round % 2 == 0 ? random.Next(64) : random.Next(noisy.Length - 1500, noisy.Length)] = (byte)random.Next(256);
            File.WriteAllBytes(file, noisy);
            Assert.True(DatasetFolder.ReadManifest(_folder.Root) is { Succeeded: true } or { Problem.Code: "dataset.corrupt" });
        }
    }

    [Fact]
    public void Read_OfAnUnknownRevision_SaysWhichThereAre()
    {
        DatasetFolder.Publish(_folder.Root, SomeRevision.Of(SomeRevision.Images(5)));

        var problem = DatasetFolder.ReadManifest(_folder.Root, 2).Problem;

        Assert.Equal("dataset.revision-not-found", problem?.Code);
        Assert.Contains("1 to 1", problem!.Detail, StringComparison.Ordinal);
        Assert.Equal("dataset.not-found", DatasetFolder.ReadManifest(_folder["none"]).Problem?.Code);
    }

    public void Dispose() => _folder.Dispose();
}
