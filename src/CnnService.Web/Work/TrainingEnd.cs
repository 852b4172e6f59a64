using CnnService.Core.Common;

namespace CnnService.Web.Work;

/// <summary>How a training process ended.</summary>
internal sealed record TrainingEnd(TrainingEndKind Kind, Problem? Problem = null, StopReason Reason = StopReason.None);

internal enum TrainingEndKind
{
    /// <summary>The package is complete.</summary>
    Completed,

    /// <summary>It told a problem.</summary>
    Failed,

    /// <summary>It stopped at a checkpoint as it was told to.</summary>
    Stopped,

    /// <summary>It ended without a word.</summary>
    Died,
}

/// <summary>Why a training was told to stop.</summary>
internal enum StopReason
{
    None,
    Cancel,
    Shutdown,
}
