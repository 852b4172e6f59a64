using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Training.Requests;

namespace CnnService.Core.Training.Sweeps;

/// <summary>
/// Body of a sweep request: many trainings that differ in some fields. <c>base</c> and one of <c>grid</c> and <c>random</c> are required.
/// </summary>
public sealed record SweepRequest
{
    /// <summary>Display name, 1 to 100 characters; default: <c>sweep-</c> and the end of the id.</summary>
    public string? Name { get; init; }

    /// <summary>A body of POST /train with the fields that all trials share; required.</summary>
    [JsonShape(typeof(TrainRequest))]
    public JsonElement? Base { get; init; }

    /// <summary>
    /// 1 to 32 paths into the request (<c>optimizer.learningRate</c>, <c>architecture.layers[2].filters</c>), each with a list of values.
    /// Every combination is a trial; the last field changes fastest.
    /// </summary>
    [JsonShape(typeof(IReadOnlyDictionary<string, IReadOnlyList<object>>))]
    public JsonElement? Grid { get; init; }

    /// <summary>Random search: values drawn for each trial.</summary>
    public RandomSearch? Random { get; init; }

    /// <summary>Most trials queued or running at a time, 1 to 64; default 1.</summary>
    public int Parallel { get; init; } = 1;

    /// <summary>Metric that ranks the trials, taken from the best epoch: validationAccuracy (the default) or validationLoss.</summary>
    public MonitoredMetric Metric { get; init; } = MonitoredMetric.ValidationAccuracy;

    /// <summary>Stops poor trials early; default: none.</summary>
    public HalvingSpec? Halving { get; init; }
}

/// <summary>Random search. Each value depends on the seed, the trial's number and the field's path alone.</summary>
public sealed record RandomSearch
{
    /// <summary>Number of trials, 1 to 256.</summary>
    public required int Trials { get; init; }

    /// <summary>0 to 2^53-1; default 1.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>
    /// 1 to 32 paths as in a grid, each with <c>{ "values": [8, 16] }</c>, for which the list alone is taken too, or a range
    /// <c>{ "from": 0.00001, "to": 0.01, "scale": "log" }</c>.
    /// </summary>
    [JsonShape(typeof(IReadOnlyDictionary<string, SweptValues>))]
    public required JsonElement Fields { get; init; }
}

/// <summary>The values of a field in a random search: a list or a range.</summary>
public sealed record SweptValues
{
    /// <summary>1 to 1000 values of any type, each once; excludes the other fields.</summary>
    public IReadOnlyList<JsonElement>? Values { get; init; }

    /// <summary>The smallest value of a range.</summary>
    public double? From { get; init; }

    /// <summary>The largest value of a range, above <c>from</c>.</summary>
    public double? To { get; init; }

    /// <summary>linear (the default), or log: every power of ten is equally likely.</summary>
    public RangeScale? Scale { get; init; }
}

/// <summary>A range of numbers, both ends included.</summary>
public sealed record RangeSpec
{
    /// <summary>The smallest value.</summary>
    public required double From { get; init; }

    /// <summary>The largest value, above <c>from</c>.</summary>
    public required double To { get; init; }

    /// <summary>linear (the default), or log: every power of ten is equally likely.</summary>
    public RangeScale Scale { get; init; } = RangeScale.Linear;
}

/// <summary>Distribution of the values in a range.</summary>
public enum RangeScale
{
    Linear,
    Log,
}
