using System.IO.Compression;
using System.IO.Hashing;
using System.Text;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Drawing.Png;
using CnnService.Imaging.Codec.Markers;
using CnnService.Tests.Shared;

namespace CnnService.Engine.Tests.Imaging.Codec.Markers;

/// <summary>Where the first image of a file ends, and what hostile metadata costs.</summary>
public sealed class ImageMarkersTests : IDisposable
{
    private readonly TestImaging _imaging = new();

    public void Dispose() => _imaging.Dispose();

    [Fact]
    public void Decode_WhateverFollowsTheFirstImage_GivesTheFirstImage()
    {
        var (whole, other) = (Jpeg(1), Jpeg(2));
        var pixels = Pixels(whole);

        Assert.All<byte[]>(
            [
                [.. whole, .. "\0\0\0\x18ftypmp42"u8],
                [.. whole, .. other],
                [.. whole, .. other[..^2]],
                [.. whole, 0xFF, 0xDA, 0, 4, 1, 2, 3],
                [.. whole, .. new byte[1000]],
            ],
            file =>
            {
                Assert.Equal(whole.Length, ImageMarkers.Read(file).Length);
                Assert.Equal(pixels, Pixels(file));
            });
    }

    [Fact]
    public void Decode_OfAFirstImageThatIsCut_IsTruncatedWhateverFollows()
    {
        var (whole, other) = (Jpeg(1), Jpeg(2));

        Assert.All<byte[]>(
            [whole[..^2], whole[..^40], whole[..30], [.. whole[..^40], .. other], [.. whole[..^2], .. other]],
            file => Assert.Equal("image.truncated", _imaging.Decoder.Decode(file, DecodeTarget.Original).Problem?.Code));
    }

    [Fact]
    public void Decode_OfBytesBetweenSegments_StepsOverThem()
    {
        var whole = Jpeg(1);
        byte[] file = [.. whole[..20], 1, 2, 3, 0xFF, .. whole[20..]]; // Behind the segment of JFIF.

        Assert.Equal(Pixels(whole), Pixels(file));
    }

    [Fact]
    public void Read_OfAThousandTextsThatInflate_UnpacksOneOfEachKind()
    {
        var bomb = Deflated(new byte[8 << 20]);
        var png = SomeImages.Png(1);
        byte[] file =
        [
            .. png[..33],
            .. Enumerable.Repeat(0, 500).SelectMany(_ => Chunk("zTXt", [.. "Raw profile type exif\0\0"u8, .. bomb])),
            .. Enumerable.Repeat(0, 500).SelectMany(_ => Chunk("iTXt", [.. "XML:com.adobe.xmp\0\x1\0\0\0"u8, .. bomb])),
            .. png[33..],
        ];

        var before = GC.GetAllocatedBytesForCurrentThread();
        var markers = ImageMarkers.Read(file);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal((1, file.Length), (markers.Orientation, markers.Length));
        Assert.InRange(allocated, 0, 16 << 20);
        Assert.Equal(Pixels(png), Pixels(file));
    }

    [Fact]
    public void Read_OfMutatedHeaders_NeverFails()
    {
        byte[][] files =
        [
            WithSegment(Jpeg(1), [.. "Exif\0\0"u8, .. Tiff(6)]),
            WithSegment(Jpeg(2), [.. "http://ns.adobe.com/xap/1.0/\0"u8, .. "<x tiff:Orientation='8'/>"u8]),
            [.. SomeImages.Png(3)[..33], .. Chunk("eXIf", Tiff(5)), .. SomeImages.Png(3)[33..]],
            [.. SomeImages.Png(4)[..33], .. Chunk("zTXt", [.. "Raw profile type exif\0\0"u8, .. Deflated(Profile(Tiff(3)))]),
                .. SomeImages.Png(4)[33..]],
            [.. "RIFF\x40\0\0\0WEBPVP8X\xA\0\0\0"u8, 0x0C, .. new byte[9], .. "EXIF\x1A\0\0\0"u8, .. Tiff(7)],
        ];
        Assert.Equal([6, 8, 5, 3, 7], files.Select(file => ImageMarkers.Read(file).Orientation));

        for (ulong number = 0; number < 20_000; number++)
        {
            var file = Mutated(files[number % (ulong)files.Length], new CounterRandom(3, number));
            var markers = ImageMarkers.Read(file);
            Assert.True(markers.Orientation is >= 1 and <= 8 && markers.Length >= 0 && markers.Length <= file.Length, $"file {number}");
        }
    }

    [Theory]
    [InlineData("or6_long_le.jpg")]
    [InlineData("hopper_orientation_6.webp")]
    public void Decode_OfReportedFiles_TurnsThem(string name)
    {
        var file = File.ReadAllBytes(SharedData.Path("bug-reports", name));
        var stored = Unturned(file);

        var upright = _imaging.Decoder.Decode(file, DecodeTarget.Original).Value;

        // Orientation 6: the first stored row is the right column of the upright image, from top to bottom.
        Assert.Equal((stored.Height, stored.Width), (upright.Width, upright.Height));
        Assert.Equal(
            Enumerable.Range(0, stored.Width).SelectMany(x => Pixel(stored, x, 0)),
            Enumerable.Range(0, upright.Height).SelectMany(y => Pixel(upright, upright.Width - 1, y)));
    }

    [Fact]
    public void Decode_OfAReportedMotionPhoto_GivesItsImage()
    {
        var file = File.ReadAllBytes(SharedData.Path("bug-reports", "motion_small.jpg"));

        Assert.True(_imaging.Decoder.Decode(file, DecodeTarget.Original).Value.Data.Distinct().Count() > 10);
        Assert.True(ImageMarkers.Read(file).Length < file.Length);
    }

    [Fact]
    public async Task Import_OfReportedFiles_KeepsThemUprightInSizesPixelsAndThumbnails()
    {
        var files = new[] { "or6_long_le.jpg", "hopper_orientation_6.webp", "motion_small.jpg" }
            .Select(name => (name, File.ReadAllBytes(SharedData.Path("bug-reports", name)))).ToArray();
        var source = SomeImages.Pack("zip", _imaging.Folder, files.SelectMany(file => new[] { "a", "b" }
            .Select(label => ($"{label}/{file.name}", file.Item2))));

        var (folder, imported) = await _imaging.ImportAsync(DatasetOrigin.Archive, source);
        var manifest = imported.Value;

        Assert.Empty(manifest.Rejected);
        foreach (var (name, file) in files)
        {
            var upright = _imaging.Decoder.Decode(file, DecodeTarget.Original).Value;
            Assert.All(manifest.Images.Where(image => image.Source.EndsWith(name, StringComparison.Ordinal)),
                image => Assert.Equal((upright.Width, upright.Height), (image.Width, image.Height)));
            var thumbnail = _imaging.Decoder.Decode(_imaging.Thumbnailer.Create(file, 64).Value, DecodeTarget.Original).Value;
            var small = _imaging.Decoder.Decode(file, new(thumbnail.Width, thumbnail.Height, 3)).Value;
            var difference = thumbnail.Data.Zip(small.Data).Average(pair => Math.Abs(pair.First - pair.Second));
            Assert.InRange(difference, 0, 25); // One of them is noise; turned wrongly it differs by 70.
        }

        using var pixels = _imaging.Cache.Open(folder, manifest, Split.Train, 32, 32, 3, TestContext.Current.CancellationToken).Value;
        var first = manifest.Images.First(image => image.Split == Split.Train);
        Assert.Equal(
            _imaging.Decoder.Decode(files.First(file => first.Source.EndsWith(file.name, StringComparison.Ordinal)).Item2, new(32, 32, 3))
                .Value.Data,
            pixels.Pixels(0).ToArray());
    }

    /// <summary>The image with its tag's value overwritten.</summary>
    private PixelBuffer Unturned(byte[] file)
    {
        var bytes = file.ToArray();
        var exif = Math.Max(bytes.AsSpan().IndexOf("Exif"u8), bytes.AsSpan().IndexOf("EXIF"u8));
        var entry = exif + bytes.AsSpan(exif).IndexOf("\x12\x01"u8);
        Assert.Contains((byte)6, bytes.AsSpan(entry + 8, 4).ToArray());
        bytes.AsSpan(entry + 8, 4).Replace((byte)6, (byte)1);
        return _imaging.Decoder.Decode(bytes, DecodeTarget.Original).Value;
    }

    private static byte[] Pixel(PixelBuffer image, int x, int y) => image.Data.AsSpan(3 * ((y * image.Width) + x), 3).ToArray();

    private byte[] Pixels(byte[] file) => _imaging.Decoder.Decode(file, DecodeTarget.Original).Value.Data;

    /// <summary>Noise, so that most of the file is the data of its scan.</summary>
    private byte[] Jpeg(ulong number)
    {
        var random = new CounterRandom(number);
        var pixels = new byte[48 * 48 * 3];
        for (var i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (byte)random.NextInt32(256);
        }

        return _imaging.Thumbnailer.Create(new PngEncoder().Encode(new(48, 48, 3, pixels), []), 48).Value;
    }

    private static byte[] Tiff(byte orientation) =>
        [.. "II*\0\x8\0\0\0\x1\0\x12\x1\x3\0\x1\0\0\0"u8, orientation, 0, 0, 0, 0, 0, 0, 0];

    private static byte[] Profile(byte[] exif) => Encoding.ASCII.GetBytes($"\nexif\n{exif.Length,8}\n{Convert.ToHexString(exif)}\n");

    private static byte[] WithSegment(byte[] jpeg, byte[] body) =>
        [.. jpeg[..2], 0xFF, 0xE1, (byte)((body.Length + 2) >> 8), (byte)(body.Length + 2), .. body, .. jpeg[2..]];

    private static byte[] Chunk(string name, byte[] body)
    {
        byte[] named = [.. Encoding.ASCII.GetBytes(name), .. body];
        return [.. BigEndian((uint)body.Length), .. named, .. BigEndian(Crc32.HashToUInt32(named))];
    }

    private static byte[] BigEndian(uint value) => [(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];

    private static byte[] Deflated(byte[] text)
    {
        using var packed = new MemoryStream();
        using (var stream = new ZLibStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            stream.Write(text);
        }

        return packed.ToArray();
    }

    /// <summary>Up to eight bytes set, and in every fourth file an end cut off; the signature stays.</summary>
    private static byte[] Mutated(byte[] file, CounterRandom random)
    {
        var bytes = file[..(random.NextInt32(4) == 0 ? 12 + random.NextInt32(file.Length - 12) : file.Length)];
        for (var left = 1 + random.NextInt32(8); left > 0; left--)
        {
            bytes[3 + random.NextInt32(bytes.Length - 3)] = random.NextInt32(3) switch
            {
                0 => 0xFF,
                1 => 0,
                _ => (byte)random.NextInt32(256),
            };
        }

        return bytes;
    }
}
