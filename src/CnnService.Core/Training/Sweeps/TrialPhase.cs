namespace CnnService.Core.Training.Sweeps;

/// <summary>How far a trial has come; the last three are final.</summary>
public enum TrialPhase
{
    /// <summary>Not queued yet: it has no run.</summary>
    Waiting,

    /// <summary>Its run is queued or training.</summary>
    Active,
    Succeeded,
    Failed,
    Cancelled,
}
