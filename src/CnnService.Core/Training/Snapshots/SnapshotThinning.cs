namespace CnnService.Core.Training.Snapshots;

/// <summary>
/// Decides which snapshots to delete when there are too many: those whose removal leaves the smallest gap, so that the rest stays
/// evenly spaced.
/// </summary>
internal static class SnapshotThinning
{
    /// <summary>
    /// The epoch whose two neighbours are closest together, the earliest of equal ones; null where there is none between the first and the
    /// last, which are always kept.
    /// </summary>
    /// <param name="epochs">Ascending.</param>
    public static int? FindRedundant(IReadOnlyList<int> epochs) => epochs.Count < 3 ? null
        : epochs[Enumerable.Range(1, epochs.Count - 2).MinBy(i => epochs[i + 1] - epochs[i - 1])];

    /// <summary>An even selection that includes the first and the last; all where there are not more.</summary>
    /// <param name="all">In order.</param>
    /// <param name="maxCount">Maximum number, at least 1; for 1, the last is chosen.</param>
    public static IReadOnlyList<T> SelectEvenly<T>(IReadOnlyList<T> all, int maxCount) => all.Count <= maxCount ? all
        : maxCount == 1 ? [all[^1]]
        : [.. Enumerable.Range(0, maxCount).Select(i => all[(int)Math.Round(i * (all.Count - 1.0) / (maxCount - 1))])];
}
