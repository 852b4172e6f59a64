namespace CnnService.Architecture.Tests;

/// <summary>A rule that the code does not hold everywhere yet: no more violations than are known, and the number may only fall.</summary>
internal static class Ratchet
{
    /// <summary>Lists all violations where there are more than <paramref name="known"/>.</summary>
    public static void Hold(int known, IEnumerable<string> violations)
    {
        var found = violations.Distinct().Order(StringComparer.Ordinal).ToArray();
        Assert.True(found.Length <= known,
            $"{found.Length} violations, {known} known:{Environment.NewLine}{string.Join(Environment.NewLine, found)}");
    }
}
