namespace CnnService.Core.Datasets;

/// <summary>How the files of a data set say which image has which label.</summary>
public enum LayoutKind
{
    /// <summary>A folder per class, optionally below a folder per split.</summary>
    Folders,

    /// <summary>Labels in the file names: <c>cat.1.jpg</c>.</summary>
    Names,

    /// <summary>A CSV or JSON Lines file with a row per image.</summary>
    Table,
}
