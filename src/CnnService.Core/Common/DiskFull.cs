namespace CnnService.Core.Common;

/// <summary>Tells a full disk from other input and output errors.</summary>
public static class DiskFull
{
    private const int NoSpace = 28;
    private const int QuotaOnLinux = 122;
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    /// <summary>True where the device or the owner's quota is used up (ENOSPC, EDQUOT).</summary>
    public static bool IsDiskFull(this IOException failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        return failure.HResult is NoSpace or QuotaOnLinux or WindowsDiskFull;
    }

    /// <summary>A full disk that a library tells of in its own way, as <see cref="IsDiskFull"/> knows it.</summary>
    public static IOException Of(Exception inner) => new("The disk is full.", inner) { HResult = NoSpace };
}
