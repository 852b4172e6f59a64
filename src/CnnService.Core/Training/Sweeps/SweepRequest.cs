using System.Text.Json;

namespace CnnService.Core.Training.Sweeps;

/// <summary>Many trainings that differ in some fields, as people ask for them. <c>base</c> and one of <c>grid</c> and <c>random</c> are
/// required.</summary>
public sealed record SweepRequest
{
    /// <summary>For people, 1 to 100 characters; <c>sweep-</c> and the end of the id by default.</summary>
    public string? Name { get; init; }

    /// <summary>A body of POST /train: what all trials have in common.</summary>
    public JsonElement? Base { get; init; }

    /// <summary>
    /// Paths into the request (<c>optimizer.learningRate</c>, <c>architecture.layers[2].filters</c>), each with a list of values:
    /// every combination is a trial, the last field changing fastest.
    /// </summary>
    public JsonElement? Grid { get; init; }

    /// <summary>Values drawn for each trial.</summary>
    public RandomSearch? Random { get; init; }

    /// <summary>Most trials queued or running at once, 1 to 64; default 1.</summary>
    public int Parallel { get; init; } = 1;

    /// <summary>What the trials are ranked by: validationAccuracy (the default) or validationLoss, of the best epoch.</summary>
    public MonitoredMetric Metric { get; init; } = MonitoredMetric.ValidationAccuracy;

    /// <summary>Ends bad trials early; not by default.</summary>
    public HalvingSpec? Halving { get; init; }
}

/// <summary>Draws that depend on the seed, the trial's number and the field's path alone.</summary>
public sealed record RandomSearch
{
    /// <summary>How many, 1 to 256.</summary>
    public required int Trials { get; init; }

    /// <summary>0 to 2^53-1; default 1.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Paths as in a grid, each with a list of values or a range <c>{ "from": 0.00001, "to": 0.01, "scale": "log" }</c>.</summary>
    public required JsonElement Fields { get; init; }
}

/// <summary>Numbers between two, both among them.</summary>
public sealed record RangeSpec
{
    /// <summary>The smallest.</summary>
    public required double From { get; init; }

    /// <summary>The largest, above the smallest.</summary>
    public required double To { get; init; }

    /// <summary>linear (the default), or log: each power of ten is as likely as the next.</summary>
    public RangeScale Scale { get; init; } = RangeScale.Linear;
}

/// <summary>How a range is spread.</summary>
public enum RangeScale
{
    Linear,
    Log,
}
