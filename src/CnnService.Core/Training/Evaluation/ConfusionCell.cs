namespace CnnService.Core.Training.Evaluation;

/// <summary>Selects the misclassified images that are kept for each cell of the confusion matrix.</summary>
public static class ConfusionCell
{
    /// <summary>Maximum per cell.</summary>
    public const int MaxMistakes = 12;

    /// <summary>Maximum over all cells, which bounds the file size with many classes.</summary>
    public const int MaxMistakesInTotal = 4000;

    /// <summary>
    /// The most confident mistakes of each cell, in descending order; where the total is exceeded, the most confident overall.
    /// </summary>
    internal static IEnumerable<T> SelectMostConfident<T, TCell>(IEnumerable<T> surestFirst, Func<T, TCell> cellOf)
        where TCell : notnull
    {
        var taken = new Dictionary<TCell, int>();
        return surestFirst.Where(one => (taken[cellOf(one)] = taken.GetValueOrDefault(cellOf(one)) + 1) <= MaxMistakes)
            .Take(MaxMistakesInTotal);
    }

    /// <summary>
    /// The mistakes of one cell, most confident first. Evaluations in an earlier format only list the most confident overall.
    /// </summary>
    public static IReadOnlyList<Mistake> Find(SplitEvaluation evaluation, string trueClass, string predictedClass)
    {
        ArgumentNullException.ThrowIfNull(evaluation);
        var known = evaluation.MistakesByCell.Count > 0 ? evaluation.MistakesByCell : evaluation.Mistakes;
        return [.. known.Where(mistake => mistake.TrueClass == trueClass && mistake.PredictedClass == predictedClass).Take(MaxMistakes)];
    }
}
