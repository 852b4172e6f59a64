namespace CnnService.Core.Common;

/// <summary>Distinguishes a full disk from other I/O errors.</summary>
public static class DiskFullErrors
{
    private const int NoSpaceLeft = 28;
    private const int LinuxQuotaExceeded = 122;
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    /// <summary>True where the device is full or the owner's quota is exceeded (ENOSPC, EDQUOT).</summary>
    public static bool IsDiskFull(this IOException failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        return failure.HResult is NoSpaceLeft or LinuxQuotaExceeded or WindowsDiskFull;
    }

    /// <summary>Wraps a library's own full-disk error in an exception that <see cref="IsDiskFull"/> recognizes.</summary>
    public static IOException Wrap(Exception inner) => new("The disk is full.", inner) { HResult = NoSpaceLeft };
}
