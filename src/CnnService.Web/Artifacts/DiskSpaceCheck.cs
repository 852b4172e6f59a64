using CnnService.Core.Common;

namespace CnnService.Web.Artifacts;

/// <summary>Refuses new work when the disk is nearly full.</summary>
internal static class DiskSpaceCheck
{
    /// <summary>Bytes that stay free, so that running work can finish and store its results.</summary>
    public const long Reserve = DiskSpace.Reserve;

    /// <summary>
    /// The problem (<c>storage.full</c>, 507) of new work that writes <paramref name="needed"/> bytes; null if there is enough space.
    /// </summary>
    public static Problem? Check(DataFolders folders, long needed = 0) => folders.FreeBytes is var free && free >= needed + Reserve
        ? null
        : new Problem(ProblemKind.StorageFull, "storage.full",
            $"New work needs {(needed + Reserve) >> 20} MB of free disk, of which "
            + $"{Reserve >> 20} MB stay free; there are {free >> 20} MB.");
}
