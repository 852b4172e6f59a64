using CnnService.Web.Artifacts;

namespace CnnService.Web.Persistence;

/// <summary>
/// A file that only takes up room. On a full disk it is deleted, so that the database can still be told how things ended; it is made
/// anew when there is room again. Thread safe.
/// </summary>
internal sealed class ReservedSpace(DataFolders folders)
{
    /// <summary>Enough for thousands of rows.</summary>
    public const int Bytes = 16 << 20;

    private readonly Lock _gate = new();

    private string File => Path.Combine(folders.Root, "space.reserve");

    /// <summary>Makes room; false where that has been done before.</summary>
    public bool Release()
    {
        lock (_gate)
        {
            var had = System.IO.File.Exists(File);
            System.IO.File.Delete(File);
            return had;
        }
    }

    /// <summary>Takes the room again where there is enough.</summary>
    public void Restore()
    {
        lock (_gate)
        {
            if (new FileInfo(File) is { Exists: true, Length: Bytes } || folders.FreeBytes < DiskSpaceCheck.Reserve)
            {
                return;
            }

            // Written, not only made long: a file of holes takes up no room.
            using var file = System.IO.File.OpenHandle(File, FileMode.Create, FileAccess.Write);
            RandomAccess.Write(file, new byte[Bytes], 0);
        }
    }
}
