using System.Globalization;
using CnnService.Core.Common;

namespace CnnService.Web.Artifacts;

/// <summary>
/// What is known of the copies in a data directory, in files of the folder <c>cache/copies</c>: for each, which listing it is of. They may
/// be lost: the copies' files are then compared by their hashes. Thread safe, also across processes.
/// </summary>
/// <param name="root">The data directory.</param>
internal sealed class CopyRecords(string root)
{
    private const string Suffix = ".copy";

    private static readonly TimeSpan TouchEvery = TimeSpan.FromMinutes(1);

    private string Folder => Path.Combine(root, "cache", "copies");

    /// <summary>Where objects are put together on their way to the store.</summary>
    public string Temporary => Path.Combine(root, "cache", "packs");

    /// <summary>Null where nothing is known of a copy.</summary>
    public CopyRecord? Read(string folder) => ReadFile(PathOf(folder, Suffix));

    /// <summary>The listing that a copy was last made of; null if it is lost.</summary>
    public FileListing? ReadListing(string folder)
    {
        try
        {
            return FileListing.Parse(RegularFile.ReadAllBytes(PathOf(folder, ".json")));
        }
        catch (Exception lost) when (lost is FileNotFoundException or DirectoryNotFoundException or ArtifactsUnavailableException)
        {
            return null;
        }
    }

    public void Write(string folder, CopyRecord record, FileListing listing, DateTimeOffset now)
    {
        Directory.CreateDirectory(Folder);
        File.Delete(PathOf(folder, Suffix)); // The two files never tell of different listings.
        DurableFile.Write(PathOf(folder, ".json"), listing.ToJson(), Guid.NewGuid().ToString("N"));
        Write(folder, record, now);
    }

    /// <summary>Replaces what is said of a copy of the same listing.</summary>
    public void Write(string folder, CopyRecord record, DateTimeOffset now)
    {
        DurableFile.Write(
            PathOf(folder, Suffix), System.Text.Encoding.ASCII.GetBytes(record.ToText()), Guid.NewGuid().ToString("N"));
        Touch(folder, now);
    }

    public void Delete(string folder)
    {
        if (Directory.Exists(Folder))
        {
            File.Delete(PathOf(folder, Suffix));
            File.Delete(PathOf(folder, ".json"));
            File.Delete(PathOf(folder, ".use"));
        }
    }

    /// <summary>Remembers that a copy is used, to the minute.</summary>
    public void Touch(string folder, DateTimeOffset now)
    {
        var path = PathOf(folder, Suffix);
        if ((now.UtcDateTime - File.GetLastWriteTimeUtc(path)).Duration() > TouchEvery)
        {
            try
            {
                File.SetLastWriteTimeUtc(path, now.UtcDateTime);
            }
            catch (FileNotFoundException)
            {
                // Deleted meanwhile: whoever reads on brings it again.
            }
        }
    }

    /// <summary>Keeps a copy from being deleted for its age, until it is disposed; also by other processes.</summary>
    public IDisposable Hold(string folder)
    {
        Directory.CreateDirectory(Folder);
        return new FileStream(PathOf(folder, ".use"), FileMode.OpenOrCreate, FileAccess.Read, FileShare.Read);
    }

    /// <summary>Takes a copy from all others; null while one is held.</summary>
    public IDisposable? TryTake(string folder)
    {
        try
        {
            return new FileStream(PathOf(folder, ".use"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>All copies, the one unused for longest first.</summary>
    public IReadOnlyList<(string Folder, CopyRecord Record, DateTimeOffset UsedAt)> ByUse() => !Directory.Exists(Folder) ? [] :
    [
        .. from file in new DirectoryInfo(Folder).EnumerateFiles("*" + Suffix)
           let record = ReadFile(file.FullName)
           where record is not null
           orderby file.LastWriteTimeUtc
           select (FolderOf(file.Name), record!, (DateTimeOffset)file.LastWriteTimeUtc),
    ];

    private static CopyRecord? ReadFile(string path)
    {
        try
        {
            return CopyRecord.Parse(System.Text.Encoding.ASCII.GetString(RegularFile.ReadAllBytes(path)));
        }
        catch (Exception lost) when (lost is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Names of data sets, models and runs have no <c>+</c>.</summary>
    private string PathOf(string folder, string suffix) =>
        Path.Combine(Folder, Path.GetRelativePath(root, folder).Replace(Path.DirectorySeparatorChar, '+') + suffix);

    private string FolderOf(string file) => Path.Combine(root, file[..^Suffix.Length].Replace('+', Path.DirectorySeparatorChar));
}

/// <summary>What a copy is.</summary>
/// <param name="Key">Key of the listing that it is of.</param>
/// <param name="Bytes">Size of the files that are there.</param>
/// <param name="IsWhole">Whether all are there.</param>
internal sealed record CopyRecord(string Key, long Bytes, bool IsWhole)
{
    public string ToText() => string.Create(CultureInfo.InvariantCulture, $"{Key} {Bytes} {(IsWhole ? 1 : 0)}");

    /// <summary>Null where the text is none.</summary>
    public static CopyRecord? Parse(string text) =>
        text.Split(' ') is [var key, var bytes, var whole]
        && long.TryParse(bytes, NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? new(key, size, whole == "1") : null;
}
