using System.Text.RegularExpressions;
using CnnService.Core.Common;

namespace CnnService.Core.Datasets.Layouts;

/// <summary>Reads labels from file names: <c>cat.1.jpg</c>, <c>great_pyrenees_127.jpg</c>, <c>0001_dog.png</c>, or by a pattern.</summary>
internal static partial class NameLayout
{
    /// <summary>Least share of a folder's names that must have the same form; names of other forms are left out.</summary>
    private const double MinShare = 0.98;

    /// <summary>Words that cameras and programs put before a number, which are no labels.</summary>
    private static readonly HashSet<string> Counters = new(StringComparer.OrdinalIgnoreCase)
    {
        "img", "image", "images", "dsc", "dscn", "dscf", "pxl", "photo", "picture", "pic", "frame", "file", "scan", "screenshot",
        "p", "img_e", "sample", "page", "snapshot", "cimg", "mvimg", "gopr", "dji", "test", "train", "val", "untitled",
    };

    private static readonly Func<Regex>[] Forms = [LabelFirst, LabelLast];

    /// <summary>The pattern of a request, checked: at most 200 characters, linear in time, with a group <c>label</c>.</summary>
    public static Outcome<Regex> ParsePattern(string pattern)
    {
        const string Rule = "must be a regular expression of at most 200 characters with a group named label, such as "
            + "(?<label>[a-z]+)_\\d+, without back references and look-arounds";
        if (pattern.Length > LayoutHints.MaxPatternLength)
        {
            return Problem.Invalid("request.invalid", $"{Rule}, received {pattern.Length} characters");
        }

        try
        {
            var regex = new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            return regex.GetGroupNames().Contains("label")
                ? regex
                : Problem.Invalid("request.invalid", $"{Rule}, received \"{ReceivedText.Text(pattern)}\"");
        }
        catch (Exception failure) when (failure is ArgumentException or NotSupportedException)
        {
            return Problem.Invalid(
                "request.invalid", $"{Rule}, received \"{ReceivedText.Text(pattern)}\": {ReceivedText.Text(failure.Message)}");
        }
    }

    /// <summary>
    /// The layout by a pattern of the request: every image whose name matches is labelled, the others are left out. Splits are read from
    /// the folders above, where they are named so.
    /// </summary>
    public static Outcome<DatasetLayout> Read(IReadOnlyList<string> paths, Regex pattern)
    {
        var placements = paths.Select(path => Place(path, pattern)).ToArray();
        return placements.Any(place => place.Class is not null)
            ? Layout(paths, placements, [])
            : LayoutProblems.Senseless($"none of the {paths.Count} file names matches namePattern; the first is "
                + $"'{ReceivedText.Text(EntryPath.NameOf(paths[0]))}'.");
    }

    /// <summary>
    /// The layout by the usual forms of names, or null where they name no classes: in each folder either nearly all names have the same
    /// form or all are left out, and there are at least two labels with at least two images each.
    /// </summary>
    public static DatasetLayout? Detect(IReadOnlyList<string> paths)
    {
        var best = Forms.Select(form => Detect(paths, form())).FirstOrDefault(layout => layout is not null);
        return best;
    }

    /// <summary>
    /// The words before the numbers of the names where there are several and they are not all a camera's or program's: names that may be
    /// labels, although <see cref="Detect(IReadOnlyList{string})"/> does not take them for such.
    /// </summary>
    public static IReadOnlyList<string> Suggested(IReadOnlyList<string> paths)
    {
        string[] words = [
            .. paths.Select(path => Place(path, LabelFirst()).Class).OfType<string>().Distinct().Order(StringComparer.Ordinal)];
        return words.Length > 1 && words.Any(word => !Counters.Contains(word)) ? words : [];
    }

    private static DatasetLayout? Detect(IReadOnlyList<string> paths, Regex form)
    {
        var placements = paths.Select(path => Place(path, form)).ToArray();
        var notes = new List<string>();
        foreach (var folder in Enumerable.Range(0, paths.Count).GroupBy(i => EntryPath.FolderOf(paths[i])))
        {
            int[] images = [.. folder];
            var named = images.Count(i => placements[i].Class is not null);
            if (named >= MinShare * images.Length)
            {
                continue;
            }

            if (SplitNames.Parse(EntryPath.NameOf(folder.Key)) is not Split.Test && !SplitNames.IsUnlabelled(EntryPath.NameOf(folder.Key)))
            {
                return null;
            }

            Array.ForEach(images, i => placements[i] = Placement.LeftOut("its name says no label"));
            notes.Add($"{LayoutProblems.Images(images.Length)} in '{folder.Key}' have no label in their names and were left out.");
        }

        var counts = placements.Select(place => place.Class).OfType<string>().CountBy(name => name).ToArray();
        return counts.Length >= 2 && counts.All(pair => pair.Value >= 2) && !counts.Any(pair => Counters.Contains(pair.Key))
            ? Layout(paths, placements,
                [$"The labels were read from the file names: {LayoutProblems.List(counts.Select(c => c.Key))}.", .. notes])
            : null;
    }

    private static DatasetLayout Layout(IReadOnlyList<string> paths, Placement[] placements, IReadOnlyList<string> notes)
    {
        var splits = paths.Select(SplitOf).ToArray();
        var hasSplits = splits.Any(split => split is not null);
        return new(LayoutKind.Names, hasSplits, hasSplits
            ? [.. placements.Select((place, i) => place with { Split = splits[i] ?? Split.Train })]
            : placements, notes);
    }

    /// <summary>The innermost folder of a path that names a split.</summary>
    internal static Split? SplitOf(string path) =>
        FolderNode.FolderParts(path).Reverse().Select(SplitNames.Parse).FirstOrDefault(split => split is not null);

    private static Placement Place(string path, Regex form)
    {
        var name = EntryPath.NameOf(path);
        var match = form.Match(name);
        var label = match.Success ? ClassNames.Normalize(match.Groups["label"].Value) : string.Empty;
        return ResourceName.IsClass(label)
            ? Placement.Labelled(Split.Train, label)
            : Placement.LeftOut("its name says no label");
    }

    [GeneratedRegex(@"\A(?<label>\p{L}(?:[^\d]*[\p{L})])?)[\s._\-(]*\d+\)?(?:\.\w+)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex LabelFirst();

    [GeneratedRegex(@"\A\d+[\s._\-]+(?<label>\p{L}[^\d.]*?)(?:\.\w+)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex LabelLast();
}
