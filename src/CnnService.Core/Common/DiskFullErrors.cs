namespace CnnService.Core.Common;

/// <summary>Distinguishes a full disk, and one that fails, from other I/O errors.</summary>
public static class DiskFullErrors
{
    private const int NoSpaceLeft = 28;
    private const int DeviceFault = 5;
    private const int LinuxQuotaExceeded = 122;
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    /// <summary>True where the device is full or the owner's quota is exceeded (ENOSPC, EDQUOT).</summary>
    public static bool IsDiskFull(this IOException failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        return failure.HResult is NoSpaceLeft or LinuxQuotaExceeded or WindowsDiskFull;
    }

    /// <summary>
    /// True where the device does not read, write or flush (EIO). Nothing is known then of what was written before: the file must not be
    /// used, and flushing it again proves nothing.
    /// </summary>
    public static bool IsDeviceFault(this IOException failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        return failure.HResult == DeviceFault;
    }

    /// <summary>The problem of work that such a fault has ended.</summary>
    public static Problem FaultProblem(string remedy) => new(
        ProblemKind.Internal, "storage.io", $"The disk failed to read or write a file of this work, which is not used; {remedy}");

    /// <summary>Wraps a library's own full-disk error in an exception that <see cref="IsDiskFull"/> recognizes.</summary>
    public static IOException Wrap(Exception inner) => new("The disk is full.", inner) { HResult = NoSpaceLeft };
}
