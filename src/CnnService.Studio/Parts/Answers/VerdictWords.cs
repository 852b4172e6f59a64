using System.Globalization;
using CnnService.Client;
using CnnService.Studio.Service;

namespace CnnService.Studio.Parts.Answers;

/// <summary>A prediction in words.</summary>
/// <param name="Label">The most probable class, also where the image is not known; or all labels of an image that may have several.</param>
/// <param name="Percent">Its probability, or how many labels there are.</param>
/// <param name="Sure">How sure that is.</param>
/// <param name="Known">Whether the image is one that the version was made for; null where an image may have several labels or none.</param>
internal sealed record VerdictWords(string Label, string Percent, string Sure, string? Known)
{
    private const double Sure95 = 0.95;

    private const double Likely = 0.75;

    /// <summary>Of a result that is no error.</summary>
    /// <param name="said">The result.</param>
    /// <param name="rule">How the version tells what it knows; null where it cannot.</param>
    public static VerdictWords? Of(ClassifyResult said, UnknownRule? rule)
    {
        ArgumentNullException.ThrowIfNull(said);
        if (said.Top is not [var first, ..])
        {
            return null;
        }

        if (said.Labels is { } labels)
        {
            var found = labels.Select(one => one.Label).ToArray();
            return new(
                found.Length == 0 ? "None of the classes" : string.Join(", ", found),
                string.Create(CultureInfo.InvariantCulture, $"{found.Length} of {said.Top.Count}"), "classes are probable enough", null);
        }

        var second = said.Top.ElementAtOrDefault(1);
        var sure = first.Probability >= Sure95 ? "sure"
            : first.Probability >= Likely || second is null ? "rather sure"
            : $"not sure: {second.Label} is nearly as likely";
        return new(first.Label, Words.Percent(first.Probability), sure, KnownWords(said, rule));
    }

    private static string KnownWords(ClassifyResult said, UnknownRule? rule)
    {
        if (said.Known is not { } known)
        {
            return "Whether it is any of these classes at all, this network cannot tell.";
        }

        var figures = said.Familiarity is { } familiarity && rule is not null
            ? string.Create(CultureInfo.InvariantCulture, $" Familiarity {familiarity:0.00}, known from {rule.Threshold:0.00}.")
            : null;
        return known
            ? $"Known: it looks like the images it was trained on.{figures}"
            : $"Perhaps none of these: it is unlike the images it was trained on.{figures}";
    }
}
