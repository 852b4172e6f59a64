using System.Globalization;
using System.Text;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Drawing.Png;

namespace CnnService.Imaging.Import;

/// <summary>
/// The binary version of CIFAR-10 and CIFAR-100 (A. Krizhevsky): records of one label, or of a coarse and a fine one, and the red, green
/// and blue plane of 32x32 pixels. Of two labels the fine one is taken. Held back until the names of the classes are there, which may come
/// last.
/// </summary>
internal sealed class CifarFiles(IPngEncoder png) : IDisposable
{
    private const int Side = 32;
    private const int Pixels = Side * Side;
    private const int ImageBytes = 3 * Pixels;

    /// <summary>File of the names of the classes, by the number of labels in a record.</summary>
    private static readonly string[] NameFiles = [string.Empty, "batches.meta.txt", "fine_label_names.txt"];

    private readonly List<(string Path, FileStream Stream)> _files = [];
    private readonly Dictionary<string, string[]> _names = [];

    /// <summary>Whether a file is to be opened as a stream because of its name.</summary>
    public static bool IsRecords(string path) => LabelsOf(path) > 0;

    /// <summary>Takes a file that belongs to such a data set; false for others.</summary>
    public bool Take(SourceFile file)
    {
        var name = Path.GetFileName(file.Path);
        if (file.Stream is { } stream && IsRecords(file.Path))
        {
            _files.Add((file.Path, stream));
            return true;
        }

        if (file.Content is null || !NameFiles.Contains(name))
        {
            return false;
        }

        _names[name] = [.. Encoding.UTF8.GetString(file.Content)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
        return true;
    }

    /// <summary>The images under the paths <c>{file}/{number}</c>; a file of another size as a rejection.</summary>
    public IEnumerable<SourceFile> Unpack() => _files.SelectMany(file => Images(file.Path, file.Stream));

    public void Dispose() => _files.ForEach(file => file.Stream.Dispose());

    private IEnumerable<SourceFile> Images(string path, FileStream stream)
    {
        var labels = LabelsOf(path);
        var record = new byte[labels + ImageBytes];
        if (stream.Length == 0 || stream.Length % record.Length != 0)
        {
            yield return new(path, null, $"it must have a multiple of {record.Length} bytes, and has {stream.Length}");
            yield break;
        }

        var names = _names.GetValueOrDefault(NameFiles[labels]);
        var split = Path.GetFileName(path).StartsWith("test", StringComparison.Ordinal) ? Split.Test : Split.Train;
        stream.Position = 0;
        for (var number = 0; number < stream.Length / record.Length; number++)
        {
            stream.ReadExactly(record);
            var label = record[labels - 1];
            yield return names is not null && label >= names.Length
                ? new($"{path}/{number}", null, $"its label is {label}, and there are {names.Length} classes")
                : new($"{path}/{number}", Encode(record.AsSpan(labels)), null)
                {
                    Known = new(LayoutKind.Cifar, split, [names?[label] ?? label.ToString(CultureInfo.InvariantCulture)]),
                };
        }
    }

    private byte[] Encode(ReadOnlySpan<byte> planes)
    {
        var image = new PixelBuffer(Side, Side, 3);
        for (var i = 0; i < ImageBytes; i++)
        {
            image.Data[i] = planes[(i % 3 * Pixels) + (i / 3)];
        }

        return png.Encode(image, []);
    }

    /// <summary>Number of labels in a record of this file; 0 where it is none of these.</summary>
    private static int LabelsOf(string path) => Path.GetFileName(path) switch
    {
        "test_batch.bin" => 1,
        ['d', 'a', 't', 'a', '_', 'b', 'a', 't', 'c', 'h', '_', _, '.', 'b', 'i', 'n'] => 1,
        "train.bin" or "test.bin" => 2,
        _ => 0,
    };
}
