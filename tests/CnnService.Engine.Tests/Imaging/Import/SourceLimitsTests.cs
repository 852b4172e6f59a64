using System.Formats.Tar;
using System.IO.Compression;
using System.Net.Sockets;
using CnnService.Core.Datasets;
using CnnService.Imaging.Import;

namespace CnnService.Engine.Tests.Imaging.Import;

/// <summary>Sources that lie, overflow or point elsewhere.</summary>
public sealed class SourceLimitsTests : IDisposable
{
    private readonly TestImaging _imaging = new();

    public void Dispose() => _imaging.Dispose();

    private static bool Runs(string command, params string[] arguments)
    {
        using var process = System.Diagnostics.Process.Start(command, arguments);
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    [Theory]
    [InlineData("../../../../tmp/cnn-escaped.png")]
    [InlineData("/tmp/cnn-escaped.png")]
    [InlineData("C:\\dogs\\x.png")]
    [InlineData("..\\..\\dogs\\x.png")]
    [InlineData("dogs/../../x.png")]
    [InlineData("dogs/a\0b.png")]
    public async Task Import_NamesThatPointElsewhere_WriteNothingOutsideTheDataSet(string name)
    {
        var (folder, result) = await ZipAsync(
            [("dogs/0.png", SomeImages.Png(1)), ("dogs/1.png", SomeImages.Png(4)), ("cats/0.png", SomeImages.Png(2)),
                (name, SomeImages.Png(3))]);

        Assert.True(result.Succeeded, result.Problem?.Detail);
        Assert.False(File.Exists("/tmp/cnn-escaped.png"));
        var images = Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(folder, path))
            .ToArray();
        Assert.All(images, path => Assert.Matches("^(images/[0-9a-f]{64}|revisions/00000001-[0-9a-f]{64}.revision)$", path));
        var entries = Directory.GetFileSystemEntries(_imaging.Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal);
        Assert.Equal(["datasets", "pixels", "source.zip"], entries);
    }

    [Fact]
    public async Task Import_FolderWithPipesSocketsAndDevices_TakesRegularFilesOnlyAndWaitsForNobody()
    {
        var folder = Path.Combine(_imaging.Folder, "source");
        foreach (var (name, image) in new[] { ("dogs", 1), ("cats", 2) })
        {
            Directory.CreateDirectory(Path.Combine(folder, name));
            await File.WriteAllBytesAsync(Path.Combine(folder, name, "0.png"), SomeImages.Png(image));
        }

        Assert.True(Runs("mkfifo", Path.Combine(folder, "dogs", "pipe.png")));
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(Path.Combine(folder, "dogs", "socket.png")));
        // Endless, if it were read; not everybody may make one.
        var odd = Runs("mknod", Path.Combine(folder, "cats", "zero.png"), "c", "1", "5") ? 3 : 2;

        var manifest = (await _imaging.ImportAsync(DatasetOrigin.Folder, folder)).Result.Value;

        Assert.Equal(2, manifest.Images.Count);
        Assert.Equal(odd, manifest.Rejected.Count);
        Assert.All(manifest.Rejected, rejected => Assert.Contains("no regular file", rejected.Reason, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Import_TarWithLinksAndDevices_TakesRegularFilesOnly()
    {
        var path = Path.Combine(_imaging.Folder, "source.tar");
        using (var tar = new TarWriter(File.Create(path)))
        {
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "dogs/0.png") { DataStream = new MemoryStream(SomeImages.Png(1)) });
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "cats/0.png") { DataStream = new MemoryStream(SomeImages.Png(2)) });
            tar.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, "dogs/link.png") { LinkName = "/etc/passwd" });
            tar.WriteEntry(new PaxTarEntry(TarEntryType.HardLink, "dogs/hard.png") { LinkName = "dogs/0.png" });
            tar.WriteEntry(new PaxTarEntry(TarEntryType.Fifo, "dogs/pipe.png"));
        }

        var manifest = (await _imaging.ImportAsync(DatasetOrigin.Archive, path)).Result.Value;

        Assert.Equal(["dogs/hard.png", "dogs/link.png", "dogs/pipe.png"], manifest.Rejected.Select(file => file.Path));
        Assert.All(manifest.Rejected, file => Assert.StartsWith("it is no regular file", file.Reason, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Import_ZipWithAnEntryBeforeItsBeginning_RejectsTheEntryAlone()
    {
        var files = new[] { "dogs/0.png", "cats/0.png", "cats/1.png" };
        using var packed = new MemoryStream();
        using (var zip = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (number, name) in files.Index())
            {
                using var entry = zip.CreateEntry(name, CompressionLevel.NoCompression).Open();
                entry.Write(SomeImages.Png(number + 1));
            }
        }

        var path = Path.Combine(_imaging.Folder, "source.zip");
        await File.WriteAllBytesAsync(path, WithLastEntryAt(packed.ToArray(), files[^1].Length, place: -1));

        var manifest = (await _imaging.ImportAsync(DatasetOrigin.Archive, path)).Result.Value;

        Assert.Equal(2, manifest.Images.Count);
        Assert.StartsWith("the archive is damaged there", Assert.Single(manifest.Rejected).Reason, StringComparison.Ordinal);
    }

    /// <summary>The archive with the place of its last entry told by a field of 64 bits, which the directory has room for.</summary>
    private static byte[] WithLastEntryAt(byte[] zip, int nameBytes, long place)
    {
        const int extraLengthAt = 30, placeAt = 42, headerBytes = 46, endBytes = 22, directoryBytesAt = 12;
        byte[] extra = [1, 0, 8, 0, .. BitConverter.GetBytes(place)];
        var header = zip.AsSpan().LastIndexOf("PK\u0001\u0002"u8);
        zip[header + extraLengthAt] = (byte)extra.Length;
        zip.AsSpan(header + placeAt, sizeof(uint)).Fill(byte.MaxValue);
        zip[zip.Length - endBytes + directoryBytesAt] += (byte)extra.Length;
        var after = header + headerBytes + nameBytes;
        return [.. zip[..after], .. extra, .. zip[after..]];
    }

    [Fact]
    public async Task Import_TarWithAHeaderOfMegabytes_IsRefusedBeforeItIsTakenIntoMemory()
    {
        var path = Path.Combine(_imaging.Folder, "source.tar");
        using (var tar = new TarWriter(File.Create(path)))
        {
            var comment = new Dictionary<string, string> { ["comment"] = new('x', 2 << 20) };
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "dogs/0.png", comment)
            {
                DataStream = new MemoryStream(SomeImages.Png(1)),
            });
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "cats/0.png") { DataStream = new MemoryStream(SomeImages.Png(2)) });
        }

        var (_, imported) = await _imaging.ImportAsync(DatasetOrigin.Archive, path);

        Assert.Equal("dataset.archive-unreadable", imported.Problem?.Code);
        Assert.Contains("a header in it is longer", imported.Problem?.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_AFolderWithALinkOutside_DoesNotFollowIt()
    {
        var secret = Directory.CreateDirectory(Path.Combine(_imaging.Folder, "secret")).FullName;
        File.WriteAllBytes(Path.Combine(secret, "s.png"), SomeImages.Png(9));
        var source = SomeImages.Pack("folder", _imaging.Folder, [("dogs/0.png", SomeImages.Png(1)), ("cats/0.png", SomeImages.Png(2))]);
        Directory.CreateSymbolicLink(Path.Combine(source, "birds"), secret);
        File.CreateSymbolicLink(Path.Combine(source, "dogs", "link.png"), Path.Combine(secret, "s.png"));

        var manifest = (await _imaging.ImportAsync(DatasetOrigin.Folder, source)).Result.Value;

        Assert.Equal(["cats", "dogs"], manifest.Classes);
        Assert.Equal(2, manifest.Images.Count);
    }

    [Fact]
    public async Task Import_AnArchiveThatUnpacksToFarMore_StopsAndSaysSo() // 64 MB of zeros in some 64 KB.
    {
        var (_, result) = await ZipAsync(
            [("dogs/0.png", SomeImages.Png(1)), .. Enumerable.Range(0, 4).Select(i => ($"dogs/z{i}.png", new byte[16 << 20]))],
            CompressionLevel.SmallestSize);

        Assert.Equal("dataset.archive-bomb", result.Problem?.Code);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(30)]
    [InlineData(-20)]
    public async Task Import_ATruncatedZip_IsAProblem(int length)
    {
        var path = SomeImages.Pack("zip", _imaging.Folder, [("dogs/0.png", SomeImages.Png(1)), ("cats/0.png", SomeImages.Png(2))]);
        var bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, bytes[..(length < 0 ? bytes.Length + length : length)]);

        var problem = (await _imaging.ImportAsync(DatasetOrigin.Archive, path)).Result.Problem;

        Assert.Contains(problem?.Code, new[] { "dataset.archive-unreadable", "dataset.no-images" });
    }

    [Fact]
    public async Task Import_ATarGzCutInAnEntry_IsAProblem()
    {
        var path = SomeImages.Pack("tar.gz", _imaging.Folder, [("dogs/0.png", SomeImages.Png(1)), ("cats/0.png", SomeImages.Png(2))]);
        var bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, bytes[..(bytes.Length / 2)]);

        Assert.Equal("dataset.archive-unreadable", (await _imaging.ImportAsync(DatasetOrigin.Archive, path)).Result.Problem?.Code);
    }

    /// <summary>The size field of a tar header in base 256 (GNU): the first byte is 0x80, the others a big-endian number.</summary>
    [Theory]
    [InlineData(0x80, 0x00)] // 2^63 and more.
    [InlineData(0x80, 0x7F)]
    [InlineData(0xFF, 0xFF)] // Negative.
    [InlineData(0x30, 0x39)] // "9", which is not octal.
    public async Task Import_ATarWithAnImpossibleSize_IsAProblem(byte first, byte second)
    {
        var path = SomeImages.Pack("tar", _imaging.Folder, [("dogs/0.png", SomeImages.Png(1)), ("cats/0.png", SomeImages.Png(2))]);
        var bytes = File.ReadAllBytes(path);
        var header = Enumerable.Range(0, bytes.Length / 512).Select(block => block * 512)
            .First(block => bytes.AsSpan(block).StartsWith("cats/0.png"u8));
        var size = bytes.AsSpan(header + 124, 12);
        size.Fill(0xFF);
        (size[0], size[1]) = (first, second);
        var sum = bytes.AsSpan(header, 512).ToArray().Select((value, i) => i is >= 148 and < 156 ? 32 : (int)value).Sum();
        System.Text.Encoding.ASCII.GetBytes($"{Convert.ToString(sum, 8).PadLeft(6, '0')}\0 ").CopyTo(bytes, header + 148);
        File.WriteAllBytes(path, bytes);

        Assert.Equal("dataset.archive-unreadable", (await _imaging.ImportAsync(DatasetOrigin.Archive, path)).Result.Problem?.Code);
    }

    [Fact]
    public async Task Import_WhatIsNoArchive_IsAProblem()
    {
        var path = Path.Combine(_imaging.Folder, "source.zip");
        File.WriteAllText(path, new string('x', 5000));

        Assert.Equal("dataset.archive-unreadable", (await _imaging.ImportAsync(DatasetOrigin.Archive, path)).Result.Problem?.Code);
    }

    [Fact]
    public async Task Import_AZipThatListsFarMoreThanADataSetMayHave_IsRefusedBeforeItIsRead()
    {
        using var imaging = new TestImaging(limits => limits.MaxEntries = 5);
        var path = SomeImages.Pack("zip", imaging.Folder, Enumerable.Range(0, 11).Select(i => ($"folder{i}/", Array.Empty<byte>())));

        var (_, imported) = await imaging.ImportAsync(DatasetOrigin.Archive, path);

        Assert.Equal("dataset.too-many-files", imported.Problem?.Code);
    }

    [Fact]
    public void Check_PathsTooLongOrTooDeep_AreRefusedAndTooManyEndIt()
    {
        var guard = new SourceLimits(new ImportOptions { MaxEntries = 4, MaxNameBytes = 20, MaxDepth = 2 }, 1000, 1000, "unused");

        Assert.Null(guard.Check("a/b/c.png"));
        Assert.Equal("it lies deeper than 2 folders", guard.Check("a/b/c/d.png"));
        Assert.Equal("its path is longer than 20 bytes", guard.Check("ééééééééééé.png")); // 11 letters of 2 bytes each.
        Assert.Null(guard.Check("a.png"));
        Assert.Equal("dataset.too-many-files", Assert.Throws<SourceRefusedException>(() => guard.Check("b.png")).Problem.Code);
    }

    [Theory]
    [InlineData("zip")]
    [InlineData("tar")]
    [InlineData("tar.gz")]
    public async Task Import_AsManyFilesAsAllowedImagesLast_CountsEachOnce(string kind)
    {
        using var imaging = new TestImaging(limits => limits.MaxEntries = 5);
        var path = SomeImages.Pack(
            kind, imaging.Folder,
            [("a.txt", [1]), ("b.txt", [2]), ("c.txt", [3]), ("dogs/0.png", SomeImages.Png(1)), ("cats/0.png", SomeImages.Png(2))]);

        var result = (await imaging.ImportAsync(DatasetOrigin.Archive, path)).Result;

        Assert.True(result.Succeeded, result.Problem?.Detail);
        Assert.Equal((2, 3), (result.Value.Images.Count, result.Value.Rejected.Count));
    }

    [Fact]
    public void Read_AFileLargerThanAllowed_IsRefusedWithoutBeingKept()
    {
        var guard = new SourceLimits(new ImportOptions(), maxFileBytes: 1000, packedBytes: 10_000, spoolFolder: "unused");

        var file = guard.Read("a/b.png", new MemoryStream(new byte[1001]));

        Assert.Null(file.Content);
        Assert.Equal("it is larger than 1000 bytes", file.Refusal);
        Assert.Equal(1000, guard.Read("a/c.png", new MemoryStream(new byte[1000])).Content?.Length);
    }

    private async Task<(string Folder, Core.Common.Outcome<DatasetManifest> Result)> ZipAsync(
        IEnumerable<(string Path, byte[] Content)> entries, CompressionLevel level = CompressionLevel.Fastest)
    {
        var path = Path.Combine(_imaging.Folder, "source.zip");
        using (var zip = ZipFile.Open(path, ZipArchiveMode.Create))
        {
            foreach (var (name, content) in entries)
            {
                using var stream = zip.CreateEntry(name, level).Open();
                stream.Write(content);
            }
        }

        return await _imaging.ImportAsync(DatasetOrigin.Archive, path);
    }
}
