using CnnService.Core.Common;

namespace CnnService.Core.Models.Import;

/// <summary>Class names given for an imported network.</summary>
/// <param name="Names">In the order of the outputs.</param>
/// <param name="Notes">What was changed in them, a sentence each.</param>
public sealed record ClassLabels(IReadOnlyList<string> Names, IReadOnlyList<string> Notes)
{
    private const int MaxLetters = 100;
    private const int MaxListed = 5;

    /// <summary>Reads one class name per line, truncated to the allowed length; repeated names are numbered.</summary>
    /// <param name="text">One class per line; trailing empty lines are ignored.</param>
    /// <param name="errors">Receives the lines that are not valid names.</param>
    internal static ClassLabels Parse(string text, ValidationErrors errors)
    {
        var notes = new List<string>();
        var names = new List<string>();
        var taken = new HashSet<string>(StringComparer.Ordinal);
        var (cut, repeated, unsound) = (0, 0, 0);
        foreach (var (number, line) in text.TrimEnd().Split('\n').Index())
        {
            var name = Truncate(line.Trim());
            cut += name.Length < line.Trim().Length ? 1 : 0;
            repeated += taken.Contains(name) ? 1 : 0;
            name = MakeUnique(name, taken);
            unsound += ResourceName.IsClass(name) ? 0 : 1;
            errors.Require(ResourceName.IsClass(name) || unsound > MaxListed, "labels",
                $"line {number + 1} must be a class name of 1 to {MaxLetters} characters, received \"{ReceivedText.Text(name)}\"");
            names.Add(name);
        }

        errors.Require(unsound <= MaxListed, "labels",
            $"{unsound - MaxListed} more lines are no class names: labels are text, one class a line");
        AddNote(notes, cut, $"had more than {MaxLetters} characters and were cut");
        AddNote(notes, repeated, "came again and got a number behind them");
        return new(names, notes);
    }

    /// <summary>Generated names for a network without class names: <c>class_0</c>, ….</summary>
    internal static IReadOnlyList<string> CreateNumbered(int count) => [.. Enumerable.Range(0, count).Select(number => $"class_{number}")];

    private static void AddNote(List<string> notes, int count, string what)
    {
        if (count > 0)
        {
            notes.Add($"{count} class names {what}.");
        }
    }

    /// <summary>Truncates the line, but never within a surrogate pair.</summary>
    private static string Truncate(string line) =>
        line.Length <= MaxLetters ? line : line[..(char.IsHighSurrogate(line[MaxLetters - 1]) ? MaxLetters - 1 : MaxLetters)];

    private static string MakeUnique(string name, HashSet<string> taken)
    {
        var distinct = name;
        for (var number = 2; !taken.Add(distinct); number++)
        {
            var suffix = $" ({number})";
            distinct = name[..Math.Min(name.Length, MaxLetters - suffix.Length)] + suffix;
        }

        return distinct;
    }
}
