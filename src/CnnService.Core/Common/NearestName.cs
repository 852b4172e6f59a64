namespace CnnService.Core.Common;

/// <summary>Finds the name most likely meant by a misspelt one, for "did you mean" hints.</summary>
public static class NearestName
{
    /// <summary>One edit is allowed for each so many letters, and always at least one.</summary>
    private const int LettersPerEdit = 3;

    /// <summary>Longer names are not compared, since the cost grows with the square of the length.</summary>
    private const int MaxLetters = 100;

    /// <summary>The nearest candidate, ignoring case; null where none is near enough.</summary>
    public static string? Find(string name, IEnumerable<string> candidates)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(candidates);
        if (name.Length > MaxLetters)
        {
            return null;
        }

        var (candidate, distance) =
            candidates.Select(candidate => (candidate, Distance(name.ToUpperInvariant(), candidate.ToUpperInvariant())))
            .DefaultIfEmpty((string.Empty, int.MaxValue)).MinBy(pair => pair.Item2);
        return distance <= Math.Max(1, Math.Min(name.Length, candidate.Length) / LettersPerEdit) ? candidate : null;
    }

    /// <summary>Damerau-Levenshtein distance (optimal string alignment).</summary>
    private static int Distance(string a, string b)
    {
        var steps = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                steps[i, j] = i == 0 || j == 0 ? i + j : MinEdits(steps, a, b, i, j);
            }
        }

        return steps[a.Length, b.Length];
    }

    private static int MinEdits(int[,] steps, string a, string b, int i, int j)
    {
        var fewest = Math.Min(Math.Min(steps[i - 1, j], steps[i, j - 1]) + 1, steps[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
        var isExchanged = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
        return isExchanged ? Math.Min(fewest, steps[i - 2, j - 2] + 1) : fewest;
    }
}
