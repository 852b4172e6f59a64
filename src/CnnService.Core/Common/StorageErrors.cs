namespace CnnService.Core.Common;

/// <summary>Tells a full disk from other input and output errors.</summary>
public static class StorageErrors
{
    private const int NoSpaceLeft = 28;
    private const int QuotaExceeded = 122;

    /// <summary>True for ENOSPC and EDQUOT, which .NET hands over as the error's HResult.</summary>
    public static bool IsFull(this IOException error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return error.HResult is NoSpaceLeft or QuotaExceeded;
    }

    public static Problem Full(string what) =>
        new(ProblemKind.StorageFull, "storage.full", $"The disk is full: {what}. Free some space, then try again.");
}
