namespace CnnService.Core.Common;

/// <summary>How much of a disk stays free.</summary>
public static class DiskSpace
{
    /// <summary>Bytes below which no new work begins, so that what goes on can be finished and told of.</summary>
    public const long Reserve = 256L << 20;

    /// <summary>Bytes free on the disk that a folder lies on.</summary>
    public static long FreeAt(string folder) => new DriveInfo(Path.GetFullPath(folder)).AvailableFreeSpace;
}
