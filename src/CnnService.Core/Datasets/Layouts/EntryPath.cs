namespace CnnService.Core.Datasets.Layouts;

/// <summary>Paths inside an archive or below a folder that is imported: parts with slashes between, none at the start.</summary>
public static class EntryPath
{
    /// <summary>The folder that a file or folder lies in; empty at the top.</summary>
    public static string FolderOf(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return path[..Math.Max(0, path.LastIndexOf('/'))];
    }

    /// <summary>The last part.</summary>
    public static string NameOf(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return path[(path.LastIndexOf('/') + 1)..];
    }
}
