namespace CnnService.Core.Training.Evaluating;

/// <summary>Which mistakes of a cell of the confusion matrix are kept.</summary>
public static class ConfusionCell
{
    /// <summary>Of one cell.</summary>
    public const int Most = 12;

    /// <summary>Of all cells together, so that the file stays small with many classes.</summary>
    public const int MostInAll = 4000;

    /// <summary>The surest of each cell, surest first; where there are too many, the surest of all.</summary>
    internal static IEnumerable<T> Keep<T, TCell>(IEnumerable<T> surestFirst, Func<T, TCell> cellOf)
        where TCell : notnull
    {
        var taken = new Dictionary<TCell, int>();
        return surestFirst.Where(one => (taken[cellOf(one)] = taken.GetValueOrDefault(cellOf(one)) + 1) <= Most).Take(MostInAll);
    }

    /// <summary>Those of one cell, surest first. An evaluation of an earlier form knows only the surest of all.</summary>
    public static IReadOnlyList<Mistake> Of(SplitEvaluation evaluation, string trueClass, string predictedClass)
    {
        ArgumentNullException.ThrowIfNull(evaluation);
        var known = evaluation.MistakesByCell.Count > 0 ? evaluation.MistakesByCell : evaluation.Mistakes;
        return [.. known.Where(mistake => mistake.TrueClass == trueClass && mistake.PredictedClass == predictedClass).Take(Most)];
    }
}
