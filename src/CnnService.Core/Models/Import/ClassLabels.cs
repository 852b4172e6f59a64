using CnnService.Core.Common;

namespace CnnService.Core.Models.Import;

/// <summary>Class names of an imported network.</summary>
internal static class ClassLabels
{
    private const int MostLetters = 100;
    private const int MostTold = 5;

    /// <summary>Reads one class name per line, truncated to the allowed length; repeated names are numbered.</summary>
    /// <param name="text">One class per line; trailing empty lines are ignored.</param>
    /// <param name="notes">Receives a sentence where names were changed.</param>
    /// <param name="errors">Receives the lines that are not valid names.</param>
    public static IReadOnlyList<string> Read(string text, List<string> notes, ValidationErrors errors)
    {
        var names = new List<string>();
        var taken = new HashSet<string>(StringComparer.Ordinal);
        var (cut, repeated, unsound) = (0, 0, 0);
        foreach (var (number, line) in text.TrimEnd().Split('\n').Index())
        {
            var name = Cut(line.Trim());
            cut += name.Length < line.Trim().Length ? 1 : 0;
            repeated += taken.Contains(name) ? 1 : 0;
            name = Distinct(name, taken);
            unsound += ResourceName.IsClass(name) ? 0 : 1;
            errors.Require(ResourceName.IsClass(name) || unsound > MostTold, "labels", $"line {number + 1} must be a class name of 1 to {MostLetters} characters, received \"{Received.Text(name)}\"");
            names.Add(name);
        }

        errors.Require(unsound <= MostTold, "labels", $"{unsound - MostTold} more lines are no class names: labels are text, one class a line");
        AddNote(notes, cut, $"had more than {MostLetters} characters and were cut");
        AddNote(notes, repeated, "came again and got a number behind them");
        return names;
    }

    /// <summary>Generated names for a network without class names: <c>class_0</c>, ….</summary>
    public static IReadOnlyList<string> Numbered(int count) => [.. Enumerable.Range(0, count).Select(number => FormattableString.Invariant($"class_{number}"))];

    private static void AddNote(List<string> notes, int count, string what)
    {
        if (count > 0)
        {
            notes.Add(FormattableString.Invariant($"{count} class names {what}."));
        }
    }

    /// <summary>Truncates the line, but never within a surrogate pair.</summary>
    private static string Cut(string line) =>
        line.Length <= MostLetters ? line : line[..(char.IsHighSurrogate(line[MostLetters - 1]) ? MostLetters - 1 : MostLetters)];

    private static string Distinct(string name, HashSet<string> taken)
    {
        var distinct = name;
        for (var number = 2; !taken.Add(distinct); number++)
        {
            var suffix = FormattableString.Invariant($" ({number})");
            distinct = name[..Math.Min(name.Length, MostLetters - suffix.Length)] + suffix;
        }

        return distinct;
    }
}
