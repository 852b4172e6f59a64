using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Datasets.Layouts;
using CnnService.Core.Drawing.Png;

namespace CnnService.Imaging.Import;

/// <summary>
/// MNIST-style pairs of IDX files (Y. LeCun): big-endian header, then bytes. <c>train-…</c> files become training images, <c>t10k-…</c> and
/// <c>test-…</c> files test images; each label becomes a class.
/// </summary>
internal static class IdxFiles
{
    private const string ImagesMark = "-images-idx3-ubyte";
    private const string LabelsMark = "-labels-idx1-ubyte";
    private const int ImagesMagic = 0x803;
    private const int LabelsMagic = 0x801;
    /// <summary>Maximum compressed size of an IDX file, bytes; above the limit of an image file, since it holds many images.</summary>
    public const int MaxFileBytes = 512 << 20;

    private const int MaxImages = 1_000_000;
    private const int MaxUnpacked = 1 << 30;

    public static bool IsIdx(string path) =>
        path.Contains(ImagesMark, StringComparison.Ordinal) || path.Contains(LabelsMark, StringComparison.Ordinal);

    /// <summary>
    /// The images of all complete pairs as PNG files <c>{split}/{label}/{index}.png</c>; a damaged or unpaired file as a rejection.
    /// </summary>
    public static IEnumerable<SourceFile> Unpack(IReadOnlyCollection<SourceFile> files, IPngEncoder png) =>
        files.Where(file => file.Path.Contains(ImagesMark, StringComparison.Ordinal)).SelectMany(images =>
        {
            var wanted = images.Path.Replace(ImagesMark, LabelsMark, StringComparison.Ordinal);
            var labels = files.FirstOrDefault(file => file.Path == wanted)
                ?? files.FirstOrDefault(file => WithoutGzip(file.Path) == WithoutGzip(wanted));
            return labels is null
                ? [new SourceFile(images.Path, null, $"its labels '{Path.GetFileName(wanted)}' are missing")]
                : Pair(images, labels, png);
        });

    private static IEnumerable<SourceFile> Pair(SourceFile images, SourceFile labels, IPngEncoder png)
    {
        byte[] pixels, classes;
        try
        {
            pixels = Open(images);
            classes = Open(labels);
        }
        catch (InvalidDataException damaged)
        {
            return [new(images.Path, null, damaged.Message)];
        }

        return Check(pixels, classes) is { } refusal
            ? [new(images.Path, null, refusal)]
            : Images(SplitOf(images.Path), pixels, classes, png);
    }

    /// <summary>Validates every length against the actual content before anything is read.</summary>
    private static string? Check(byte[] pixels, byte[] labels)
    {
        if (pixels.Length < 16 || labels.Length < 8 || Int(pixels, 0) != ImagesMagic || Int(labels, 0) != LabelsMagic)
        {
            return "it has no IDX header of byte images and labels";
        }

        long count = Int(pixels, 4), height = Int(pixels, 8), width = Int(pixels, 12);
        return count is < 1 or > MaxImages || height is < 1 or > 4096 || width is < 1 or > 4096
            ? $"its header names {count} images of {height}x{width}"
            : pixels.Length != 16 + (count * height * width)
                ? $"its header names {count} images of {height}x{width}, but it has {pixels.Length} bytes"
            : labels.Length != 8 + count || Int(labels, 4) != count ? $"it has {count} images but {labels.Length - 8} labels"
            : null;
    }

    private static IEnumerable<SourceFile> Images(string split, byte[] pixels, byte[] labels, IPngEncoder png)
    {
        int count = Int(pixels, 4), height = Int(pixels, 8), width = Int(pixels, 12);
        for (var i = 0; i < count; i++)
        {
            var image = new PixelBuffer(width, height, 1, pixels.AsSpan(16 + (i * height * width), height * width).ToArray());
            yield return new($"{split}/{labels[8 + i]}/{i}.png", png.Encode(image, []), null)
            {
                Known = new(LayoutKind.Idx, SplitNames.Parse(split), [labels[8 + i].ToString(CultureInfo.InvariantCulture)]),
            };
        }
    }

    private static string SplitOf(string path)
    {
        var name = Path.GetFileName(path);
        return name.StartsWith("t10k", StringComparison.Ordinal) || name.StartsWith("test", StringComparison.Ordinal) ? "test" : "train";
    }

    private static string WithoutGzip(string path) => path.EndsWith(".gz", StringComparison.Ordinal) ? path[..^3] : path;

    private static int Int(byte[] bytes, int at) => BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(at));

    private static byte[] Open(SourceFile file)
    {
        var content = file.Content ?? throw new InvalidDataException(file.Refusal);
        if (content is not [0x1F, 0x8B, ..])
        {
            return content;
        }

        using var gzip = new GZipStream(new MemoryStream(content), CompressionMode.Decompress);
        using var unpacked = new MemoryStream();
        var buffer = new byte[1 << 16];
        for (int read; (read = gzip.Read(buffer)) > 0; unpacked.Write(buffer, 0, read))
        {
            if (unpacked.Length + read > MaxUnpacked)
            {
                throw new InvalidDataException($"it unpacks to more than {MaxUnpacked} bytes");
            }
        }

        return unpacked.ToArray();
    }
}
