using System.IO.Compression;

namespace CnnService.Web.Features.Runs;

/// <summary>Creates zip archives of small folders in memory.</summary>
internal static class PackedFolder
{
    /// <summary>
    /// Archives the files in their current state: one that is being written may be truncated, one that was just replaced may be missing.
    /// </summary>
    /// <param name="folder">The folder; its subfolders are not included.</param>
    /// <param name="name">Name of the folder inside the archive.</param>
    public static async Task<byte[]> ZipAsync(string folder, string name)
    {
        using var memory = new MemoryStream();
        var archive = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true);
        await using (archive)
        {
            foreach (var file in new DirectoryInfo(folder).GetFiles().OrderBy(file => file.Name, StringComparer.Ordinal))
            {
                await AddAsync(archive, file, name);
            }
        }

        return memory.ToArray();
    }

    private static async Task AddAsync(ZipArchive archive, FileInfo file, string name)
    {
        if (Open(file) is not { } source)
        {
            return;
        }

        await using (source)
        {
            var entry = await archive.CreateEntry($"{name}/{file.Name}").OpenAsync();
            await using (entry)
            {
                await source.CopyToAsync(entry);
            }
        }
    }

    private static FileStream? Open(FileInfo file)
    {
        try
        {
            return new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (FileNotFoundException)
        {
            return null; // A resumed run has just created its own folder.
        }
    }
}
