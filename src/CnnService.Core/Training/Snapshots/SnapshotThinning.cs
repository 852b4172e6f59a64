namespace CnnService.Core.Training.Snapshots;

/// <summary>Which snapshots go when there are too many: those that leave the smallest gap, so that what stays lies evenly.</summary>
internal static class SnapshotThinning
{
    /// <summary>
    /// The epoch whose two neighbours lie closest together, the earliest of several; null where there is nothing between the first and the
    /// last, which always stay.
    /// </summary>
    /// <param name="epochs">Ascending.</param>
    public static int? Superfluous(IReadOnlyList<int> epochs) => epochs.Count < 3 ? null
        : epochs[Enumerable.Range(1, epochs.Count - 2).MinBy(i => epochs[i + 1] - epochs[i - 1])];

    /// <summary>Evenly chosen ones, the first and the last among them; all where there are not more.</summary>
    /// <param name="all">In order.</param>
    /// <param name="most">At least 1; of a single one, the last.</param>
    public static IReadOnlyList<T> Choose<T>(IReadOnlyList<T> all, int most) => all.Count <= most ? all
        : most == 1 ? [all[^1]]
        : [.. Enumerable.Range(0, most).Select(i => all[(int)Math.Round(i * (all.Count - 1.0) / (most - 1))])];
}
