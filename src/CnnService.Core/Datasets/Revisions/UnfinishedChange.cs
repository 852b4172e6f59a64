using System.Globalization;
using CnnService.Core.Common;

namespace CnnService.Core.Datasets.Revisions;

/// <summary>
/// The note of a change that writes or deletes more than one file. Whoever finds it after a crash settles what was left: image files that
/// no revision holds, and revisions that were to be deleted.
/// </summary>
public static class UnfinishedChange
{
    private const string NoteFile = "unfinished";

    /// <summary>Notes that image files are about to be written, or revisions to be deleted.</summary>
    /// <param name="folder">The data set's folder.</param>
    /// <param name="purgeBelow">Revisions with lower numbers are to be deleted; 0: none.</param>
    public static void Begin(string folder, int purgeBelow) =>
        DurableFile.Write(PathIn(folder), System.Text.Encoding.ASCII.GetBytes(purgeBelow.ToString(CultureInfo.InvariantCulture)));

    /// <summary>The change is complete and has left nothing.</summary>
    public static void End(string folder) => File.Delete(PathIn(folder));

    /// <summary>Carries out what the note of a change says, if there is one. The caller holds the <see cref="DatasetLock"/>.</summary>
    public static void Settle(string folder)
    {
        if (!File.Exists(PathIn(folder)))
        {
            return;
        }

        var purgeBelow = int.Parse(File.ReadAllText(PathIn(folder)), NumberStyles.None, CultureInfo.InvariantCulture);
        var revisions = Path.Combine(folder, DatasetFolder.RevisionsFolder);
        var known = RevisionName.In(revisions);

        // Where the change that was to replace them was never written, they all stay.
        foreach (var name in known.Where(name => name.Number < purgeBelow && known[^1].Number >= purgeBelow))
        {
            File.Delete(Path.Combine(revisions, name.FileName));
        }

        foreach (var file in Directory.EnumerateFiles(revisions, $"*{DurableFile.TemporaryMark}*"))
        {
            File.Delete(file);
        }

        DeleteUnused(folder);
        End(folder);
    }

    private static void DeleteUnused(string folder)
    {
        var used = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in RevisionName.In(Path.Combine(folder, DatasetFolder.RevisionsFolder)))
        {
            if (DatasetFolder.ReadManifest(folder, name.Number) is not { Succeeded: true } read)
            {
                return; // Nothing is deleted on the word of what cannot be read.
            }

            used.UnionWith(read.Value.Images.Select(image => image.Sha256));
        }

        foreach (var file in Directory.EnumerateFiles(Path.Combine(folder, DatasetFolder.ImagesFolder))
            .Where(file => !used.Contains(Path.GetFileName(file))))
        {
            File.Delete(file);
        }
    }

    private static string PathIn(string folder) => Path.Combine(folder, DatasetFolder.RevisionsFolder, NoteFile);
}
