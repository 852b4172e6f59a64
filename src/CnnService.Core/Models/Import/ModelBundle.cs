using System.IO.Compression;
using CnnService.Core.Common;

namespace CnnService.Core.Models.Import;

/// <summary>
/// A zip with a network and the files its weights lie in. Names inside are matched by their last part only and become no paths: the
/// entries are written under numbers. Archives without an <c>.onnx</c> file, and what only begins like one, are left to be refused as what
/// they are.
/// </summary>
internal static class ModelBundle
{
    private const int MaxEntries = 64;
    private const int MaxNameLength = 255;
    private const long MaxBytes = 2L << 30;
    private const int BufferBytes = 1 << 17;

    /// <summary>Of all entries, those included that are passed over, and of their list.</summary>
    private const int MaxListed = 10_000;
    private const long MaxListBytes = 4L << 20;

    /// <summary>
    /// The plan with the files of its archive, or as it is where its file is none. Problem codes: <c>model.archive</c>,
    /// <c>model.archive-too-large</c>.
    /// </summary>
    /// <param name="plan">Its file may be a zip.</param>
    /// <param name="folder">The entries are written here; created if there are any.</param>
    public static Outcome<ModelImportPlan> Unpack(ModelImportPlan plan, string folder)
    {
        using var stream = RegularFile.OpenRead(plan.File);
        if (stream.ReadByte() != 'P' || stream.ReadByte() != 'K')
        {
            return plan;
        }

        stream.Position = 0;
        if (ZipDirectory.Exceeds(stream, MaxListed, MaxListBytes))
        {
            return Refuse($"The archive may hold {MaxEntries} files, and lists more than {MaxListed} entries.");
        }

        try
        {
            using var archive = new ZipArchive(stream, ZipArchiveMode.Read);
            ZipArchiveEntry[] entries = [.. archive.Entries.Where(entry => Name(entry) is { Length: > 0 } name && name[0] != '.')];
            return !Array.Exists(entries, IsNetwork) ? plan : Check(entries).Bind(_ => Write(plan, entries, folder));
        }
        catch (InvalidDataException broken)
        {
            return Directory.Exists(folder) ? Refuse($"The archive cannot be read: {broken.Message}") : plan;
        }
    }

    private static Outcome<Unit> Check(ZipArchiveEntry[] entries)
    {
        var names = entries.Select(Name).ToArray();
        var bytes = Int128.Zero;
        Array.ForEach(entries, entry => bytes += entry.Length);
        return entries.Length > MaxEntries ? Refuse($"The archive may hold {MaxEntries} files, received {entries.Length}.")
            : bytes > MaxBytes ? TooLarge(bytes)
            : entries.Count(IsNetwork) > 1 ? Refuse("The archive must hold one network, but holds several .onnx files.")
            : names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice
                ? Refuse($"The archive holds '{ReceivedText.Text(twice.Key)}' twice; files are told apart by the last part of their names.")
            : Array.Find(names, name => name.Length > MaxNameLength) is not null
                ? Refuse($"A file's name in the archive may have {MaxNameLength} characters.")
            : default(Unit);
    }

    private static Outcome<ModelImportPlan> Write(ModelImportPlan plan, ZipArchiveEntry[] entries, string folder)
    {
        Directory.CreateDirectory(folder);
        var (network, companions, left) = (string.Empty, new Dictionary<string, string>(StringComparer.Ordinal), MaxBytes);
        foreach (var (number, entry) in entries.Index())
        {
            var path = Path.Combine(folder, $"{number}");
            left -= Copy(entry, path, left);
            if (left < 0)
            {
                return TooLarge(MaxBytes - left);
            }

            if (IsNetwork(entry))
            {
                network = path;
            }
            else
            {
                companions.Add(Name(entry), path);
            }
        }

        return plan with { File = network, Companions = companions };
    }

    /// <summary>The bytes written: at most one more than are left, whatever the archive says of its sizes.</summary>
    private static long Copy(ZipArchiveEntry entry, string path, long left)
    {
        using var source = entry.Open();
        using var target = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        var buffer = new byte[BufferBytes];
        for (int read; target.Length <= left && (read = source.Read(buffer)) > 0;)
        {
            target.Write(buffer.AsSpan(0, (int)Math.Min(read, left + 1 - target.Length)));
        }

        return target.Length;
    }

    private static bool IsNetwork(ZipArchiveEntry entry) => Name(entry).EndsWith(".onnx", StringComparison.OrdinalIgnoreCase);

    private static string Name(ZipArchiveEntry entry) => entry.FullName[(entry.FullName.LastIndexOfAny(['/', '\\']) + 1)..];

    private static Problem Refuse(string detail) => Problem.Unprocessable("model.archive", detail);

    private static Problem TooLarge(Int128 bytes) => Problem.Unprocessable("model.archive-too-large",
        $"The archive may hold {MaxBytes} bytes, received {bytes} or more.");
}
