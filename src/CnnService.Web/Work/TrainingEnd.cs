using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Training;

namespace CnnService.Web.Work;

/// <summary>How a training process ended.</summary>
/// <param name="Kind">What it came to.</param>
/// <param name="Problem">What it reported, if it failed.</param>
/// <param name="LastWords">Its exit code and last lines, if it died.</param>
internal sealed record TrainingEnd(TrainingEndKind Kind, Problem? Problem = null, string? LastWords = null)
{
    /// <summary>The problem that a process's last words tell of; null if they tell of none that another attempt would meet.</summary>
    /// <param name="words">What it printed last: native code that runs out of memory may end a process without an exception.</param>
    /// <param name="plan">The run's plan, JSON.</param>
    public static TrainingEnd? Explain(string words, string plan) => MemoryShortage.IsToldBy(words)
        ? new(TrainingEndKind.Failed, MemoryShortage.Refuse(
            JsonSerializer.Deserialize<TrainingPlan>(plan, CoreJson.Options)!.BatchSize, device: null, largest: null))
        : null;
}

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
