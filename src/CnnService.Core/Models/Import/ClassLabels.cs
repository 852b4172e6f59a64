using CnnService.Core.Architecture;
using CnnService.Core.Common;

namespace CnnService.Core.Models.Import;

/// <summary>Class names given for an imported network.</summary>
/// <param name="Names">In the order of the outputs.</param>
/// <param name="Notes">What was changed in them, a sentence each.</param>
public sealed record ClassLabels(IReadOnlyList<string> Names, IReadOnlyList<string> Notes)
{
    private const int MaxLetters = 100;
    private const int MaxListed = 5;

    /// <summary>As many as a dense layer may have units.</summary>
    private const int MaxClasses = NetworkLimits.Filters;

    /// <summary>Reads one class name per line, truncated to the allowed length; repeated names are numbered.</summary>
    /// <param name="text">One class per line; trailing empty lines are ignored.</param>
    /// <param name="errors">Receives the lines that are not valid names.</param>
    internal static ClassLabels Parse(string text, ValidationErrors errors)
    {
        var notes = new List<string>();
        var names = new List<string>();
        var lines = text.AsSpan().TrimEnd().Count('\n') + 1;
        if (!errors.Require(lines <= MaxClasses, "labels", $"must name at most {MaxClasses} classes, one a line, received {lines} lines"))
        {
            return new(names, notes);
        }

        var next = new Dictionary<string, int>(StringComparer.Ordinal);
        var taken = new HashSet<string>(StringComparer.Ordinal);
        var (cut, repeated, unsound) = (0, 0, 0);
        foreach (var (number, line) in text.TrimEnd().Split('\n').Index())
        {
            var name = Truncate(line.Trim());
            cut += name.Length < line.Trim().Length ? 1 : 0;
            repeated += taken.Contains(name) ? 1 : 0;
            name = MakeUnique(name, taken, next);
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

    /// <param name="name">A name that may be taken.</param>
    /// <param name="taken">All names so far.</param>
    /// <param name="next">The number that each repeated name gets next, so that equal names are not all tried again.</param>
    private static string MakeUnique(string name, HashSet<string> taken, Dictionary<string, int> next)
    {
        var distinct = name;
        while (!taken.Add(distinct))
        {
            var number = next[name] = next.GetValueOrDefault(name, 1) + 1;
            var suffix = $" ({number})";
            distinct = name[..Math.Min(name.Length, MaxLetters - suffix.Length)] + suffix;
        }

        return distinct;
    }
}
