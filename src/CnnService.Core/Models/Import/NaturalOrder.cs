namespace CnnService.Core.Models.Import;

/// <summary>Compares names character by character, but runs of digits by value: <c>features.2</c> before <c>features.10</c>.</summary>
internal sealed class NaturalOrder : IComparer<string>
{
    public static NaturalOrder Comparer { get; } = new();

    public int Compare(string? x, string? y)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        var (i, j) = (0, 0);
        while (i < x.Length && j < y.Length)
        {
            var a = Token(x, i);
            var b = Token(y, j);
            var order = char.IsAsciiDigit(a[0]) && char.IsAsciiDigit(b[0]) ? Numbers(a, b) : a.CompareTo(b, StringComparison.Ordinal);
            if (order != 0)
            {
                return order;
            }

            (i, j) = (i + a.Length, j + b.Length);
        }

        return (x.Length - i).CompareTo(y.Length - j);
    }

    /// <summary>A run of digits, or one other character.</summary>
    private static ReadOnlySpan<char> Token(string text, int start)
    {
        var end = start + 1;
        while (char.IsAsciiDigit(text[start]) && end < text.Length && char.IsAsciiDigit(text[end]))
        {
            end++;
        }

        return text.AsSpan(start, end - start);
    }

    /// <summary>Compares by value, for any number of digits.</summary>
    private static int Numbers(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        var x = a.TrimStart('0');
        var y = b.TrimStart('0');
        return x.Length != y.Length ? x.Length.CompareTo(y.Length) : x.CompareTo(y, StringComparison.Ordinal);
    }
}
