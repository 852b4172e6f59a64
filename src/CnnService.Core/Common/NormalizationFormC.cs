using System.Globalization;
using System.Text;

namespace CnnService.Core.Common;

/// <summary>
/// Unicode normalization form C (Unicode Standard Annex 15): the service runs without ICU, where <see cref="string.Normalize()"/> leaves
/// text as it is, and file systems hand out decomposed names. The tables are those of the Unicode version named in the embedded file.
/// </summary>
public static class NormalizationFormC
{
    private const int HangulBase = 0xAC00;
    private const int LeadBase = 0x1100;
    private const int VowelBase = 0x1161;
    private const int TailBase = 0x11A7;
    private const int LeadCount = 19;
    private const int VowelCount = 21;
    private const int TailCount = 28;

    private static readonly Dictionary<int, (int First, int? Second)> Decompositions = [];
    private static readonly Dictionary<(int First, int Second), int> Compositions = [];
    private static readonly Dictionary<int, int> Classes = [];

    static NormalizationFormC()
    {
        using var stream = typeof(NormalizationFormC).Assembly.GetManifestResourceStream("NormalizationFormC.txt")
            ?? throw new InvalidOperationException("The assembly lacks its normalization tables.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        while (reader.ReadLine() is { } line)
        {
            if (!line.StartsWith('#'))
            {
                Add(line.Split(' '));
            }
        }
    }

    /// <summary>The text composed. Lone surrogates are kept as they are.</summary>
    public static string Normalize(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.All(letter => letter < '\u0300') ? text : Compose(Decompose(text));
    }

    private static void Add(string[] parts)
    {
        if (parts[1] == ":")
        {
            var range = parts[0].Split('-');
            for (var mark = Hex(range[0]); mark <= Hex(range[1]); mark++)
            {
                Classes[mark] = int.Parse(parts[2], CultureInfo.InvariantCulture);
            }

            return;
        }

        int? second = parts.Length > 3 ? Hex(parts[3]) : null;
        Decompositions[Hex(parts[0])] = (Hex(parts[2]), second);
        if (parts[1] == "=" && second is not null)
        {
            Compositions[(Hex(parts[2]), second.Value)] = Hex(parts[0]);
        }
    }

    private static int Hex(string digits) => int.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    /// <summary>The code points decomposed in full, the marks of each base in the order of their classes.</summary>
    private static List<int> Decompose(string text)
    {
        var points = new List<int>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var isPair = i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]);
            Decompose(isPair ? char.ConvertToUtf32(text[i], text[++i]) : text[i], points);
        }

        for (var i = 1; i < points.Count; i++)
        {
            for (var at = i; at > 0 && ClassOf(points[at]) is > 0 and var own && ClassOf(points[at - 1]) > own; at--)
            {
                (points[at], points[at - 1]) = (points[at - 1], points[at]);
            }
        }

        return points;
    }

    private static void Decompose(int point, List<int> into)
    {
        if (point is >= HangulBase and < HangulBase + (LeadCount * VowelCount * TailCount))
        {
            var syllable = point - HangulBase;
            into.Add(LeadBase + (syllable / (VowelCount * TailCount)));
            into.Add(VowelBase + (syllable / TailCount % VowelCount));
            if (syllable % TailCount > 0)
            {
                into.Add(TailBase + (syllable % TailCount));
            }
        }
        else if (Decompositions.TryGetValue(point, out var parts))
        {
            Decompose(parts.First, into);
            if (parts.Second is { } second)
            {
                Decompose(second, into);
            }
        }
        else
        {
            into.Add(point);
        }
    }

    private static string Compose(List<int> points)
    {
        var kept = new List<int>(points.Count);
        var starter = -1;
        foreach (var point in points)
        {
            var own = ClassOf(point);
            // Blocked by a mark of the same or a higher class in between, or by any other starter.
            var isBlocked = starter >= 0 && starter < kept.Count - 1 && ClassOf(kept[^1]) is var last && (last == 0 || last >= own);
            if (starter >= 0 && !isBlocked && Pair(kept[starter], point) is { } composed)
            {
                kept[starter] = composed;
                continue;
            }

            if (own == 0)
            {
                starter = kept.Count;
            }

            kept.Add(point);
        }

        var text = new StringBuilder();
        kept.ForEach(point => _ = point is >= 0xD800 and < 0xE000
            ? text.Append((char)point) : text.Append(char.ConvertFromUtf32(point)));
        return text.ToString();
    }

    private static int? Pair(int first, int second)
    {
        if (first is >= LeadBase and < LeadBase + LeadCount && second is >= VowelBase and < VowelBase + VowelCount)
        {
            return HangulBase + ((((first - LeadBase) * VowelCount) + second - VowelBase) * TailCount);
        }

        if (first is >= HangulBase and < HangulBase + (LeadCount * VowelCount * TailCount) && (first - HangulBase) % TailCount == 0
            && second is > TailBase and < TailBase + TailCount)
        {
            return first + second - TailBase;
        }

        return Compositions.TryGetValue((first, second), out var composed) ? composed : null;
    }

    private static int ClassOf(int point) => Classes.GetValueOrDefault(point);
}
