namespace CnnService.Core.Training;

/// <summary>Learning rate schedule of a run.</summary>
public sealed record ScheduleSpec
{
    /// <summary>constant by default.</summary>
    public ScheduleKind Name { get; init; } = ScheduleKind.Constant;

    /// <summary>
    /// Epochs (fractions allowed) of linear warm-up from 0: 0 (the default) to 1000. Not with oneCycle, which has its own.
    /// </summary>
    public double WarmupEpochs { get; init; }

    /// <summary>For step: epochs between two reductions, 1 to 10,000; default 10.</summary>
    public int StepEpochs { get; init; } = 10;

    /// <summary>For step and reduceOnPlateau: factor of a reduction, above 0 and below 1; default 0.1.</summary>
    public double Factor { get; init; } = 0.1;

    /// <summary>For reduceOnPlateau: epochs without a new smallest validation loss before a reduction, 1 to 1000; default 5.</summary>
    public int Patience { get; init; } = 5;

    /// <summary>For cosine and reduceOnPlateau: the smallest rate, as a share of the optimizer's, 0 (the default) up to 1.</summary>
    public double Minimum { get; init; }
}

/// <summary>The supported schedules.</summary>
public enum ScheduleKind
{
    Constant,

    /// <summary>Multiplied by a factor every so many epochs.</summary>
    Step,

    /// <summary>Half a cosine from the full rate down to the minimum (Loshchilov and Hutter, 2017, without restarts).</summary>
    Cosine,

    /// <summary>Up from 1/25 over the first 30 % of the steps, then down to 1/250,000, both along a cosine (Smith, 2018).</summary>
    OneCycle,

    /// <summary>Reduced when the validation loss stops falling.</summary>
    ReduceOnPlateau,
}
