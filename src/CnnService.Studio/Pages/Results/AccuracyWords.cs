using CnnService.Client;
using CnnService.Studio.Service;

namespace CnnService.Studio.Pages.Results;

/// <summary>What an accuracy means, in sentences.</summary>
internal static class AccuracyWords
{
    /// <summary>How many, against what guessing gives, and how far so few images can tell.</summary>
    public static IReadOnlyList<string> Of(EvaluationResource evaluation)
    {
        ArgumentNullException.ThrowIfNull(evaluation);
        var right = (int)Math.Round(evaluation.Accuracy * evaluation.Images);
        var range = Interval.Wilson(right, Math.Max(1, evaluation.Images));
        var largest = evaluation.Classes.MaxBy(one => one.Support);
        List<string> words = evaluation.MultiLabel is null
            ? [$"{right:N0} of {evaluation.Images:N0} {Images(evaluation)} are right."]
            : [$"{right:N0} of {evaluation.Images:N0} {Images(evaluation)} are right in all of their labels."];
        if (evaluation.MultiLabel?.MeanAveragePrecision is { } precision)
        {
            words.Add($"The mean average precision of the classes is {Percent(precision)}.");
        }

        if (evaluation.MultiLabel is null && largest is { Support: > 0 })
        {
            var share = (double)largest.Support / evaluation.Classes.Sum(one => one.Support);
            words.Add($"Whoever always says “{largest.Name}” is right in {Percent(share)} of them.");
        }

        words.Add($"So many images tell that it is between {Percent(range.Low)} and {Percent(range.High)} on others like them.");
        if (evaluation.Split == Split.Train)
        {
            words.Add("There are no validation images: these are the ones it was trained on, so the figure flatters.");
        }

        return words;
    }

    /// <summary>A share of 1 as <c>91.3 %</c>, a whole one without its zero.</summary>
    public static string Percent(double share) => Words.Percent(share).Replace(".0 ", " ", StringComparison.Ordinal);

    private static string Images(EvaluationResource evaluation) => evaluation.Split switch
    {
        Split.Train => "training images",
        Split.Test => "test images",
        _ => "validation images",
    };
}
