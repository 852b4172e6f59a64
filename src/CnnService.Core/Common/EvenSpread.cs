namespace CnnService.Core.Common;

/// <summary>Chooses some of many in a fixed order, spread evenly, so that every part of them is among the chosen.</summary>
internal static class EvenSpread
{
    /// <summary>Ascending indices below <paramref name="all"/>: all of them, or <paramref name="most"/> of them; always the same.</summary>
    public static int[] Of(int all, int most)
    {
        var count = Math.Min(all, most);
        return [.. Enumerable.Range(0, count).Select(i => (int)((long)i * all / count))];
    }
}
