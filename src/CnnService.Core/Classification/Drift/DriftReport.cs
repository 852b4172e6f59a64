using CnnService.Core.Models;

namespace CnnService.Core.Classification.Drift;

/// <summary>Comparison of served predictions with those on the validation images.</summary>
public sealed record DriftReport
{
    /// <summary>Fewest predictions for a verdict.</summary>
    public const int MinPredictions = 50;

    /// <summary>Population stability index from which on a change is moderate, by convention.</summary>
    public const double Some = 0.1;

    /// <summary>Population stability index from which on a change is large, by convention.</summary>
    public const double Strong = 0.25;

    /// <summary>Overall verdict.</summary>
    public required DriftVerdict Verdict { get; init; }

    public required string Sentence { get; init; }

    /// <summary>Number of served predictions in the window.</summary>
    public required long Predictions { get; init; }

    /// <summary>Number of predictions in the baseline.</summary>
    public required long BaselinePredictions { get; init; }

    /// <summary>Drift of the predicted classes.</summary>
    public required DriftFigures ClassDistribution { get; init; }

    /// <summary>Drift of the confidence: the probability of the predicted class, in ten bins of width 0.1.</summary>
    public required DriftFigures Confidence { get; init; }

    /// <summary>Drift per class, in the order of the model's classes.</summary>
    public required IReadOnlyList<ClassDrift> Classes { get; init; }

    /// <summary>Baseline predictions per confidence bin.</summary>
    public required IReadOnlyList<long> BaselineTenths { get; init; }

    /// <summary>Predictions of the window per confidence bin.</summary>
    public required IReadOnlyList<long> Tenths { get; init; }

    /// <param name="classes">Names of the model's classes.</param>
    /// <param name="baseline">Baseline counts, <c>[class][confidence bin]</c>.</param>
    /// <param name="served">Counts of the window, <c>[class][confidence bin]</c>.</param>
    public static DriftReport Create(
        IReadOnlyList<string> classes, IReadOnlyList<IReadOnlyList<long>> baseline, IReadOnlyList<IReadOnlyList<long>> served)
    {
        ArgumentNullException.ThrowIfNull(classes);
        ArgumentNullException.ThrowIfNull(baseline);
        ArgumentNullException.ThrowIfNull(served);
        ArgumentOutOfRangeException.ThrowIfNotEqual(baseline.Count, classes.Count);
        ArgumentOutOfRangeException.ThrowIfNotEqual(served.Count, classes.Count);
        long[] before = [.. baseline.Select(tenths => tenths.Sum())], now = [.. served.Select(tenths => tenths.Sum())];
        long[] beforeTenths = Tally(baseline), nowTenths = Tally(served);
        DriftFigures byClass = DriftFigures.Compute(before, now), byTenth = DriftFigures.Compute(beforeTenths, nowTenths);
        var parts = StabilityIndex.Parts(before, now);
        ClassDrift[] each =
        [
            .. classes.Select((name, k) => new ClassDrift(
                name, Share(before, k), Share(now, k), now[k], parts[k], StabilityIndex.TotalVariation(baseline[k], served[k]))),
        ];
        var verdict = now.Sum() < MinPredictions ? DriftVerdict.TooFew : (DriftVerdict)Math.Max((int)byClass.Verdict, (int)byTenth.Verdict);
        return new()
        {
            Verdict = verdict,
            Sentence = DriftSentence.Write(verdict, byClass, byTenth, each, now.Sum(), MeanTenth(beforeTenths) > MeanTenth(nowTenths)),
            Predictions = now.Sum(),
            BaselinePredictions = before.Sum(),
            ClassDistribution = byClass,
            Confidence = byTenth,
            Classes = each,
            BaselineTenths = beforeTenths,
            Tenths = nowTenths,
        };
    }

    private static long[] Tally(IReadOnlyList<IReadOnlyList<long>> counts) =>
        [.. Enumerable.Range(0, PredictionProfile.Bins).Select(tenth => counts.Sum(tenths => tenths[tenth]))];

    private static double Share(long[] counts, int k) => counts.Sum() == 0 ? 0 : (double)counts[k] / counts.Sum();

    private static double MeanTenth(long[] tenths) =>
        tenths.Sum() == 0 ? 0 : tenths.Select((count, tenth) => (double)count * tenth).Sum() / tenths.Sum();
}

/// <summary>How much the distribution has changed.</summary>
public enum DriftVerdict
{
    /// <summary>No more change than chance explains, or than is small by convention.</summary>
    None,
    Some,
    Strong,

    /// <summary>Too few predictions for a verdict.</summary>
    TooFew,
}

/// <summary>Distance between two distributions.</summary>
/// <param name="Psi">Population stability index.</param>
/// <param name="Chance">95th percentile of the index if nothing has changed.</param>
/// <param name="TotalVariation">Total variation distance, 0–1.</param>
/// <param name="Verdict">Verdict on these figures.</param>
public sealed record DriftFigures(double Psi, double Chance, double TotalVariation, DriftVerdict Verdict)
{
    public static DriftFigures Compute(IReadOnlyList<long> before, IReadOnlyList<long> now)
    {
        double psi = StabilityIndex.Compute(before, now), chance = StabilityIndex.Chance(before, now);
        var verdict = psi < Math.Max(chance, DriftReport.Some)
            ? DriftVerdict.None
            : psi < Math.Max(chance, DriftReport.Strong) ? DriftVerdict.Some : DriftVerdict.Strong;
        return new(psi, chance, StabilityIndex.TotalVariation(before, now), verdict);
    }
}

/// <summary>Drift of one class.</summary>
/// <param name="Name">Name of the class.</param>
/// <param name="BaselineShare">Share of the baseline's predictions, 0–1.</param>
/// <param name="Share">Share of the window's predictions, 0–1.</param>
/// <param name="Predictions">Predictions of the class in the window.</param>
/// <param name="Psi">Contribution of the class to the population stability index.</param>
/// <param name="ConfidenceVariation">
/// Total variation distance between its confidence distributions, 0–1; 0 if either has no predictions.
/// </param>
public sealed record ClassDrift(string Name, double BaselineShare, double Share, long Predictions, double Psi, double ConfidenceVariation);
