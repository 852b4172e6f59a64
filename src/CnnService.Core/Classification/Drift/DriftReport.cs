using CnnService.Core.Models;

namespace CnnService.Core.Classification.Drift;

/// <summary>Served predictions held against those on the validation images.</summary>
public sealed record DriftReport
{
    /// <summary>Below this no verdict is given.</summary>
    public const int MinPredictions = 50;

    /// <summary>By custom: from here on something has changed.</summary>
    public const double Some = 0.1;

    /// <summary>By custom: from here on much has changed.</summary>
    public const double Strong = 0.25;

    /// <summary>What the figures mean.</summary>
    public required DriftVerdict Verdict { get; init; }

    public required string Sentence { get; init; }

    /// <summary>Predictions served in the window.</summary>
    public required long Predictions { get; init; }

    /// <summary>Predictions they are held against.</summary>
    public required long BaselinePredictions { get; init; }

    /// <summary>How the classes are spread.</summary>
    public required DriftFigures ClassDistribution { get; init; }

    /// <summary>How the probabilities of the predicted classes are spread over ten tenths.</summary>
    public required DriftFigures Confidence { get; init; }

    /// <summary>In the order of the model's classes.</summary>
    public required IReadOnlyList<ClassDrift> Classes { get; init; }

    /// <summary>Counts of the baseline by tenth.</summary>
    public required IReadOnlyList<long> BaselineTenths { get; init; }

    /// <summary>Counts of the window by tenth.</summary>
    public required IReadOnlyList<long> Tenths { get; init; }

    /// <param name="classes">Of the model.</param>
    /// <param name="baseline">By class and tenth.</param>
    /// <param name="served">By class and tenth.</param>
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

/// <summary>How much has changed.</summary>
public enum DriftVerdict
{
    /// <summary>No more than chance, or than custom takes for no change.</summary>
    None,
    Some,
    Strong,

    /// <summary>Too few predictions to tell.</summary>
    TooFew,
}

/// <summary>How far two distributions lie apart.</summary>
/// <param name="Psi">Population stability index.</param>
/// <param name="Chance">What the index stays below in 95 of 100 cases where nothing has changed.</param>
/// <param name="TotalVariation">0–1.</param>
/// <param name="Verdict">Of these.</param>
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

/// <summary>One class.</summary>
/// <param name="Name">The class.</param>
/// <param name="BaselineShare">Of the baseline's predictions, 0–1.</param>
/// <param name="Share">Of the window's predictions, 0–1.</param>
/// <param name="Predictions">Of the window.</param>
/// <param name="Psi">What it adds to the index of the classes.</param>
/// <param name="ConfidenceVariation">Total variation of its probabilities over the tenths, 0–1; 0 where either has none.</param>
public sealed record ClassDrift(string Name, double BaselineShare, double Share, long Predictions, double Psi, double ConfidenceVariation);
