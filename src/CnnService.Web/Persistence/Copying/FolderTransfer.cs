using System.Security.Cryptography;
using CnnService.Core.Common;
using CnnService.Web.Artifacts;

namespace CnnService.Web.Persistence.Copying;

/// <summary>Copies folders from one data directory to another; what is copied is on the device when a call returns.</summary>
internal sealed class FolderTransfer(CopyTally tally)
{
    private const int BufferBytes = 1 << 17;
    private const int Concurrency = 4;

    /// <summary>Makes a folder hold the same files as another, and no others.</summary>
    /// <param name="from">The other one; exists.</param>
    /// <param name="to">The folder.</param>
    /// <param name="mayLack">Whether files may go meanwhile; else one that goes fails the copy.</param>
    /// <param name="cancel">Cancels the copy.</param>
    public async Task CopyAsync(string from, string to, bool mayLack, CancellationToken cancel)
    {
        if (mayLack && !Directory.Exists(from))
        {
            return;
        }

        string[] paths = [.. FilePacker.PathsIn(from)];
        foreach (var folder in paths.Select(path => Path.GetDirectoryName(Path.Combine(to, path))!).Append(to).Distinct())
        {
            Directory.CreateDirectory(folder);
        }

        foreach (var other in Directory.EnumerateFiles(to, "*", SearchOption.AllDirectories).Except(paths.Select(path => Under(to, path))))
        {
            File.Delete(other);
        }

        await Parallel.ForEachAsync(
            paths, new ParallelOptions { MaxDegreeOfParallelism = Concurrency, CancellationToken = cancel },
            async (path, one) =>
            {
                try
                {
                    await CopyFileAsync(Under(from, path), Under(to, path), one);
                }
                catch (Exception gone) when (mayLack && gone is FileNotFoundException or DirectoryNotFoundException)
                {
                    // Its row's work goes on without it.
                }
            });
        foreach (var folder in Directory.EnumerateDirectories(to, "*", SearchOption.AllDirectories).Append(to))
        {
            DurableFile.FlushFolder(folder);
        }
    }

    /// <summary>Copies one file; nothing where it is named by its hash and there already, undamaged.</summary>
    public async Task CopyFileAsync(string from, string to, CancellationToken cancel)
    {
        var name = Path.GetFileName(from);
        var isNamedByHash = name.Length == 2 * SHA256.HashSizeInBytes && name.All(char.IsAsciiHexDigitLower);
        await using var content = RegularFile.OpenRead(from);
        tally.Add(1, content.Length);
        if (isNamedByHash && new FileInfo(to) is { Exists: true } there && there.Length == content.Length && FilePacker.HashOf(to) == name)
        {
            return;
        }

        var temporary = $"{to}{DurableFile.TemporaryMark}copy";
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using (var target = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, BufferBytes))
        {
            var buffer = new byte[BufferBytes];
            int read;
            while ((read = await content.ReadAsync(buffer, cancel)) > 0)
            {
                hash.AppendData(buffer, 0, read);
                await target.WriteAsync(buffer.AsMemory(0, read), cancel);
            }

            DurableFile.Flush(target);
        }

        File.SetLastWriteTimeUtc(temporary, File.GetLastWriteTimeUtc(content.SafeFileHandle));
        File.Move(temporary, to, overwrite: true);
        if (isNamedByHash && Convert.ToHexStringLower(hash.GetHashAndReset()) != name)
        {
            tally.AddFault($"'{from}' is damaged: it has another hash than its name says.");
        }
    }

    private static string Under(string folder, string path) => Path.Combine(folder, path.Replace('/', Path.DirectorySeparatorChar));
}
