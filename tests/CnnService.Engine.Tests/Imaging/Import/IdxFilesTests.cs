using System.Buffers.Binary;
using System.IO.Compression;
using CnnService.Core.Datasets;

namespace CnnService.Engine.Tests.Imaging.Import;

/// <summary>MNIST's files: whole, packed, and lying about their sizes.</summary>
public sealed class IdxFilesTests : IDisposable
{
    private readonly TestImaging _imaging = new();

    public void Dispose() => _imaging.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Import_APair_HasItsImagesLabelsAndSplits(bool packed)
    {
        var (folder, result) = await ImportAsync(packed, ("train", Images(20), Labels(20)), ("t10k", Images(6), Labels(6)));

        var manifest = result.Value;
        Assert.Equal(["0", "1"], manifest.Classes);
        Assert.Equal(1, manifest.Channels);
        Assert.Equal((26, 6), (manifest.Images.Count, manifest.Images.CountOf(Split.Test)));
        Assert.All(manifest.CountByClass(Split.Validation), drawn => Assert.InRange(drawn, 1, 6));
        using var test = _imaging.Cache.Open(folder, manifest, Split.Test, 2, 3, 1, CancellationToken.None).Value;
        for (var i = 0; i < test.Count; i++)
        {
            // Image n is six bytes of value 3n, its label n's parity.
            var number = test.Pixels(i)[0] / 3;
            Assert.All(test.Pixels(i).ToArray(), level => Assert.Equal(3 * number, level));
            Assert.Equal(number % 2, test.Label(i));
        }
    }

    public static TheoryData<string, byte[], byte[], string> Liars => new()
    {
        { "images' magic", Changed(Images(4), 3, 1), Labels(4), "it has no IDX header" },
        { "labels' magic", Images(4), Changed(Labels(4), 3, 3), "it has no IDX header" },
        { "count of images", Changed(Images(4), 7, 5), Labels(4), "its header names 5 images" },
        { "count beyond bounds", Changed(Images(4), 4, 0x7F), Labels(4), "its header names" },
        { "negative height", Changed(Images(4), 8, 0xFF), Labels(4), "its header names" },
        { "zero width", Changed(Images(4), 15, 0), Labels(4), "its header names" },
        { "fewer labels", Images(4), Labels(3), "it has 4 images but 3 labels" },
        { "cut images", Images(4)[..30], Labels(4), "its header names 4 images" },
        { "empty", [], Labels(4), "it has no IDX header" },
    };

    [Theory]
    [MemberData(nameof(Liars))]
    public async Task Import_APairThatLies_IsRejectedWithTheReason(string what, byte[] images, byte[] labels, string reason)
    {
        var problem = (await ImportAsync(packed: false, ("train", images, labels))).Result.Problem;

        Assert.Equal("dataset.no-images", problem?.Code);
        Assert.True(problem!.Detail.Contains(reason, StringComparison.Ordinal), $"{what}: {problem.Detail}");
    }

    [Fact]
    public async Task Import_ImagesWithoutLabels_AreRejectedByTheNameThatIsMissing()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_imaging.Folder, "idx")).FullName;
        File.WriteAllBytes(Path.Combine(folder, "train-images-idx3-ubyte"), Images(4));

        var problem = (await _imaging.ImportAsync(DatasetOrigin.Folder, folder)).Result.Problem;

        Assert.Contains("its labels 'train-labels-idx1-ubyte' are missing", problem?.Detail, StringComparison.Ordinal);
    }

    private async Task<(string Folder, Core.Common.Outcome<DatasetManifest> Result)> ImportAsync(
        bool packed, params (string Name, byte[] Images, byte[] Labels)[] pairs)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_imaging.Folder, "idx")).FullName;
        foreach (var (name, images, labels) in pairs)
        {
            Write(Path.Combine(folder, $"{name}-images-idx3-ubyte"), images, packed);
            Write(Path.Combine(folder, $"{name}-labels-idx1-ubyte"), labels, packed);
        }

        return await _imaging.ImportAsync(DatasetOrigin.Folder, folder);
    }

    private static void Write(string path, byte[] content, bool packed)
    {
        using var file = File.Create(packed ? path + ".gz" : path);
        using Stream stream = packed ? new GZipStream(file, CompressionLevel.Fastest) : file;
        stream.Write(content);
    }

    /// <summary>Of 2x3; image n has the value 3n.</summary>
    private static byte[] Images(int count) =>
        [.. Header(0x803, count, 2, 3), .. Enumerable.Range(0, count).SelectMany(n => Enumerable.Repeat((byte)(3 * n), 6))];

    private static byte[] Labels(int count) => [.. Header(0x801, count), .. Enumerable.Range(0, count).Select(n => (byte)(n % 2))];

    private static byte[] Header(params int[] words)
    {
        var header = new byte[4 * words.Length];
        for (var i = 0; i < words.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4 * i), words[i]);
        }

        return header;
    }

    private static byte[] Changed(byte[] bytes, int at, byte value)
    {
        bytes[at] = value;
        return bytes;
    }
}
