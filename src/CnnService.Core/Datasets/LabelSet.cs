namespace CnnService.Core.Datasets;

/// <summary>Sets of classes, each as ascending indices.</summary>
public static class LabelSet
{
    /// <summary>Most different sets that an import may have: a data set's manifest holds them all.</summary>
    public const int MaxSets = 100_000;

    /// <summary>By the first class that differs; of two that begin alike, the shorter one first.</summary>
    public static int Compare(IReadOnlyList<int> a, IReadOnlyList<int> b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        for (var i = 0; i < a.Count && i < b.Count; i++)
        {
            if (a[i] != b[i])
            {
                return a[i].CompareTo(b[i]);
            }
        }

        return a.Count.CompareTo(b.Count);
    }

    /// <summary>Whether these are different sets of some of so many classes, in order.</summary>
    internal static bool AreSets(IReadOnlyList<IReadOnlyList<int>> sets, int classes) =>
        sets.All(set => set.All(one => one >= 0 && one < classes) && set.Zip(set.Skip(1)).All(pair => pair.First < pair.Second))
        && sets.Zip(sets.Skip(1)).All(pair => Compare(pair.First, pair.Second) < 0);
}
