using CnnService.Core.Common;

namespace CnnService.Web.Work;

/// <summary>How a training process ended.</summary>
internal sealed record TrainingEnd(TrainingEndKind Kind, Problem? Problem = null);

internal enum TrainingEndKind
{
    /// <summary>Training succeeded; the package is complete.</summary>
    Completed,

    /// <summary>It reported a problem.</summary>
    Failed,

    /// <summary>It stopped at a checkpoint on command.</summary>
    Stopped,

    /// <summary>It exited without reporting a result.</summary>
    Died,
}
