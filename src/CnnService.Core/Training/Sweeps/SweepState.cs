namespace CnnService.Core.Training.Sweeps;

/// <summary>State of a sweep.</summary>
public enum SweepState
{
    Running,

    /// <summary>All trials have ended, and at least one produced a model.</summary>
    Succeeded,

    /// <summary>All trials have ended, and none produced a model.</summary>
    Failed,
    Cancelled,
}
