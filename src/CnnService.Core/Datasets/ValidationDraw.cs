using System.Globalization;

namespace CnnService.Core.Datasets;

/// <summary>
/// Draws the validation images of a class. Each is drawn by a hash of its content alone, so the same data and seed give the same split, and
/// images that come later move none of those that are there. Equal files always share a split.
/// </summary>
public static class ValidationDraw
{
    /// <summary>Contents that are drawn for validation; a class of two contents or more has at least one on each side.</summary>
    /// <param name="contents">SHA-256 of each image of a class, hex.</param>
    /// <param name="fraction">Share that is expected, 0 to 1.</param>
    /// <param name="seed">Another seed draws others.</param>
    public static IReadOnlySet<string> Draw(IEnumerable<string> contents, double fraction, long seed)
    {
        ArgumentNullException.ThrowIfNull(contents);
        (string Content, double Draw)[] drawn = [
            .. contents.Distinct(StringComparer.Ordinal).Select(content => (content, Draw(content, seed))).OrderBy(entry => entry.Item2)
                .ThenBy(entry => entry.content, StringComparer.Ordinal)];
        var below = drawn.Count(entry => entry.Draw < fraction);
        var count = drawn.Length < 2 ? 0 : Math.Clamp(below, 1, drawn.Length - 1);
        return drawn.Take(count).Select(entry => entry.Content).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>
    /// The same where an image has any number of labels: all are drawn alike, then a class of two contents or more that stands on one side
    /// alone has the content moved whose draw is nearest, class by class in ordinal order, unless that takes another class's only one.
    /// </summary>
    /// <param name="images">SHA-256 of each image, hex, and its classes.</param>
    /// <param name="fraction">Share that is expected, 0 to 1.</param>
    /// <param name="seed">Another seed draws others.</param>
    public static IReadOnlySet<string> Draw(
        IEnumerable<(string Content, IReadOnlyList<string> Labels)> images, double fraction, long seed)
    {
        ArgumentNullException.ThrowIfNull(images);
        (string Content, IReadOnlyList<string> Labels)[] all = [.. images];
        var validation = Draw(all.Select(image => image.Content), fraction, seed).ToHashSet(StringComparer.Ordinal);
        var labels = all.ToLookup(image => image.Content, image => image.Labels, StringComparer.Ordinal);
        var contents = all.SelectMany(image => image.Labels.Select(name => (Name: name, image.Content)))
            .GroupBy(pair => pair.Name, pair => pair.Content, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Distinct(StringComparer.Ordinal).ToArray(), StringComparer.Ordinal);
        foreach (var (_, own) in contents.Where(one => one.Value.Length > 1).OrderBy(one => one.Key, StringComparer.Ordinal))
        {
            var inside = own.Count(validation.Contains);
            var ordered = own.OrderBy(content => Draw(content, seed)).ThenBy(content => content, StringComparer.Ordinal);
            if (inside == 0 && ordered.FirstOrDefault(content => CanMove(content, isInside: false)) is { } joining)
            {
                validation.Add(joining);
            }
            else if (inside == own.Length && ordered.LastOrDefault(content => CanMove(content, isInside: true)) is { } leaving)
            {
                validation.Remove(leaving);
            }
        }

        return validation;

        bool CanMove(string content, bool isInside) => labels[content].SelectMany(names => names).All(
            name => contents[name].Length < 2 || contents[name].Count(other => validation.Contains(other) == isInside) > 1);
    }

    /// <summary>Evenly spread over 0 to 1: SplitMix64 (S. Vigna) of hash and seed.</summary>
    private static double Draw(string content, long seed)
    {
        var state = ulong.Parse(content.AsSpan(0, 16), NumberStyles.HexNumber, CultureInfo.InvariantCulture)
            + ((ulong)seed * 0x9E3779B97F4A7C15);
        state = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
        state = (state ^ (state >> 27)) * 0x94D049BB133111EB;
        return ((state ^ (state >> 31)) >> 11) * (1.0 / (1UL << 53));
    }
}
