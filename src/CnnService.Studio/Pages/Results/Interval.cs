namespace CnnService.Studio.Pages.Results;

/// <summary>Between which shares the true one lies, as far as so many images can tell.</summary>
/// <param name="Low">0–1.</param>
/// <param name="High">0–1.</param>
internal readonly record struct Interval(double Low, double High)
{
    /// <summary>Of a normal distribution, what lies outside of 95 % on one side.</summary>
    private const double Z95 = 1.959963984540054;

    /// <summary>The 95 % interval of a share (E. B. Wilson, 1927), which is right for few images and for shares near 0 and 1 too.</summary>
    /// <param name="hits">How many are right.</param>
    /// <param name="count">Of how many, from 1.</param>
    public static Interval Wilson(int hits, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        double share = (double)hits / count, z2 = Z95 * Z95 / count;
        var centre = (share + (z2 / 2)) / (1 + z2);
        var half = Z95 * Math.Sqrt((share * (1 - share) / count) + (z2 / (4 * count))) / (1 + z2);
        return new(Math.Max(0, centre - half), Math.Min(1, centre + half));
    }
}
