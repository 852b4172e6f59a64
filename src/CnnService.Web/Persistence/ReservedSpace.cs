using CnnService.Core.Common;
using CnnService.Web.Artifacts;

namespace CnnService.Web.Persistence;

/// <summary>
/// A file that reserves disk space. On a full disk it is deleted, so that the database can still record how work ended; it is created again
/// once there is room. Thread safe.
/// </summary>
internal sealed class ReservedSpace(DataFolders folders)
{
    /// <summary>Enough for thousands of rows.</summary>
    public const int Bytes = 16 << 20;

    private readonly Lock _gate = new();

    private string File => Path.Combine(folders.Root, "space.reserve");

    /// <summary>Frees the space; false if it was free already.</summary>
    public bool Release()
    {
        lock (_gate)
        {
            var had = System.IO.File.Exists(File);
            System.IO.File.Delete(File);
            return had;
        }
    }

    /// <summary>Reserves the space again if there is enough.</summary>
    public void Restore()
    {
        lock (_gate)
        {
            if (new FileInfo(File) is { Exists: true, Length: Bytes } || folders.FreeBytes < DiskSpaceCheck.Reserve)
            {
                return;
            }

            DiskSpace.Allocate(File, Bytes);
        }
    }
}
