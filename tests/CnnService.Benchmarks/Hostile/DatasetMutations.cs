using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using CnnService.Core.Common;
using CnnService.Core.Drawing.Png;
using CnnService.Tests.Shared;

namespace CnnService.Benchmarks.Hostile;

/// <summary>
/// Archives, tables, Parquet, CIFAR and IDX files that are broken: the same for the same seed and number. Half of them are broken as a
/// whole, half in one file inside, which then reaches its own reader.
/// </summary>
internal sealed class DatasetMutations
{
    private readonly int _seed;
    private readonly List<(string Kind, byte[] File)> _whole = [];
    private readonly List<(string Kind, (string Name, byte[] Content)[] Entries)> _inside = [];

    /// <param name="seed">Of all that is chosen.</param>
    public DatasetMutations(int seed)
    {
        _seed = seed;
        (string Name, byte[] Content)[] folders =
            [.. Enumerable.Range(0, 6).Select(i => ($"pets/{Label(i)}s/{i}.png", Png(i)))];
        (string Name, byte[] Content)[] flat = [.. Enumerable.Range(0, 6).Select(i => ($"{i}.png", Png(i)))];
        var csv = "file_name,label,split\n" + string.Concat(Enumerable.Range(0, 6).Select(i => $"{i}.png,\"{Label(i)}\",train\n"));
        var lines = string.Concat(Enumerable.Range(0, 6).Select(i => $$"""{"file_name":"{{i}}.png","label":"{{Label(i)}}"}""" + "\n"));
        _inside.Add(("csv", [("labels.csv", Encoding.UTF8.GetBytes(csv)), .. flat]));
        _inside.Add(("jsonl", [("metadata.jsonl", Encoding.UTF8.GetBytes(lines)), .. flat]));
        _inside.Add(("cifar", [("data_batch_1.bin", Records()), ("batches.meta.txt", "cat\ndog\n"u8.ToArray())]));
        _inside.Add(("idx", [("train-images-idx3-ubyte", IdxImages()), ("train-labels-idx1-ubyte", [0, 0, 8, 1, 0, 0, 0, 4, 0, 1, 0, 1])]));
        _whole.Add(("zip", Zip(folders, CompressionLevel.Optimal)));
        _whole.Add(("zip stored", Zip(folders, CompressionLevel.NoCompression)));
        var tar = Tar(folders);
        _whole.Add(("tar", tar));
        foreach (var (program, ending) in new[] { ("gzip", "gz"), ("xz", "xz"), ("bzip2", "bz2"), ("zstd", "zst") })
        {
            if (File.Exists($"/usr/bin/{program}"))
            {
                _whole.Add(($"tar.{ending}", Pack(program, tar)));
            }
        }

        var parquet = Path.Combine(Repository.Root, "tests", "CnnService.Engine.Tests", "Imaging", "Import", "Parquet");
        _whole.AddRange(Directory.EnumerateFiles(parquet, "*.parquet").Order(StringComparer.Ordinal)
            .Select(file => ("parquet", File.ReadAllBytes(file))));
    }

    /// <summary>The kinds without a fault, which the service must take.</summary>
    public IEnumerable<(string Kind, byte[] File)> Sound() =>
        _whole.DistinctBy(one => one.Kind).Concat(_inside.Select(one => (one.Kind, Zip(one.Entries, CompressionLevel.NoCompression))));

    public (string Kind, byte[] File) Make(int number)
    {
        var random = new CounterRandom((ulong)_seed, (ulong)number);
        if (random.NextInt32(2) == 0)
        {
            var (kind, file) = _whole[random.NextInt32(_whole.Count)];
            return (kind, FileMutations.Mutate(file, ref random));
        }

        var (inner, entries) = _inside[random.NextInt32(_inside.Count)];
        var broken = entries.ToArray();
        var at = random.NextInt32(4) == 0 ? random.NextInt32(broken.Length) : 0;
        broken[at] = (broken[at].Name, FileMutations.Mutate(broken[at].Content, ref random));
        return (inner, Zip(broken, CompressionLevel.NoCompression));
    }

    private static string Label(int number) => number < 3 ? "cat" : "dog";

    private static byte[] Png(int number) => new PngEncoder().Encode(
        new PixelBuffer(16, 16, 3, [.. Enumerable.Range(0, 16 * 16 * 3).Select(i => (byte)((i * (number + 3)) ^ (number * 40)))]), []);

    private static byte[] Records() =>
        [.. Enumerable.Range(0, 4).SelectMany(i => Enumerable.Range(0, 3073).Select(at => (byte)(at == 0 ? i % 2 : at + i)))];

    private static byte[] IdxImages() =>
        [0, 0, 8, 3, 0, 0, 0, 4, 0, 0, 0, 8, 0, 0, 0, 8, .. Enumerable.Range(0, 256).Select(i => (byte)(i * 7))];

    private static byte[] Zip(IEnumerable<(string Name, byte[] Content)> entries, CompressionLevel level)
    {
        using var memory = new MemoryStream();
        using (var zip = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in entries)
            {
                using var stream = zip.CreateEntry(name, level).Open();
                stream.Write(content);
            }
        }

        return memory.ToArray();
    }

    private static byte[] Tar(IEnumerable<(string Name, byte[] Content)> entries)
    {
        using var memory = new MemoryStream();
        using (var tar = new TarWriter(memory, leaveOpen: true))
        {
            foreach (var (name, content) in entries)
            {
                tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) });
            }
        }

        return memory.ToArray();
    }

    private static byte[] Pack(string program, byte[] content)
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, content);
            var start = new ProcessStartInfo($"/usr/bin/{program}", $"-c {path}") { RedirectStandardOutput = true };
            using var process = Process.Start(start)!;
            using var packed = new MemoryStream();
            process.StandardOutput.BaseStream.CopyTo(packed);
            process.WaitForExit();
            return packed.ToArray();
        }
        finally
        {
            File.Delete(path);
        }
    }
}
