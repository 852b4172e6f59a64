namespace CnnService.Core.Common;

/// <summary>Free disk space and the reserve that is kept.</summary>
public static class DiskSpace
{
    /// <summary>Free bytes below which no new work starts, so that running work can finish and be recorded.</summary>
    public const long Reserve = 256L << 20;

    /// <summary>Free bytes on the disk that holds the folder.</summary>
    public static long FreeAt(string folder) => new DriveInfo(Path.GetFullPath(folder)).AvailableFreeSpace;
}
