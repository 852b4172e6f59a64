namespace CnnService.Core.Common;

/// <summary>What a <see cref="FairAdmission"/> knows of a caller. Guarded by its lock.</summary>
internal sealed class CallerTurns
{
    public int Running { get; set; }

    /// <summary>Number of the caller's last turn; 0: none yet.</summary>
    public long LastTurn { get; set; }
}
