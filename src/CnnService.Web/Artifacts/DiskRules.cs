using CnnService.Core.Common;

namespace CnnService.Web.Artifacts;

/// <summary>How much of the disk stays free.</summary>
internal static class DiskRules
{
    /// <summary>New work is refused below this, so that what goes on can be finished and told of.</summary>
    public const long Reserve = DiskSpace.Reserve;

    /// <summary>Why new work that writes so many bytes cannot begin (<c>storage.full</c>, 507); null where it can.</summary>
    public static Problem? Refusal(DataFolders folders, long needed = 0) => folders.FreeBytes is var free && free >= needed + Reserve
        ? null
        : new Problem(ProblemKind.StorageFull, "storage.full", $"New work needs {(needed + Reserve) >> 20} MB of free disk, of which {Reserve >> 20} MB stay free; there are {free >> 20} MB.");
}
