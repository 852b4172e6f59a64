using CnnService.Core.Datasets;
using CnnService.Core.Datasets.Health;

namespace CnnService.Core.Interpretation.Labels;

/// <summary>Makes the ranking of the labels out of the scores of a network.</summary>
internal static class LabelJudgement
{
    /// <param name="plan">What was judged.</param>
    /// <param name="images">The images.</param>
    /// <param name="scores">Of each, one a class; null where it could not be judged.</param>
    public static LabelDoubts Rank(LabelCheckPlan plan, DatasetImage[] images, double[]?[] scores)
    {
        int[] judged = [.. Enumerable.Range(0, images.Length).Where(i => scores[i] is not null)];
        int[] labels = [.. judged.Select(i => images[i].Label)];
        double[][] known = [.. judged.Select(i => scores[i]!)];
        var temperature = plan.Features is null ? 1 : ScoreTemperature.Fit(known, labels);
        var ranked = ConfidentLearning.Rank([.. known.Select(row => ScoreTemperature.Softmax(row, temperature))], labels);
        return new()
        {
            Model = plan.Model.Name,
            Version = plan.Model.Version,
            Evidence = plan.Evidence,
            Judged = judged.Length,
            Doubted = ranked.Count(one => one.IsDoubted),
            Agreement = judged.Length == 0 ? 0 : ranked.Count(one => one.Margin >= 0) / (double)judged.Length,
            Ranked = [.. ranked.Take(LabelDoubts.MaxListed).Select(one => Describe(plan, images[judged[one.Index]], one))],
            Notes = [.. Tell(plan, images.Length, judged.Length)],
        };
    }

    private static DoubtedLabel Describe(LabelCheckPlan plan, DatasetImage image, JudgedLabel judged)
    {
        var classes = plan.Dataset.Classes;
        return new(
            new(image.Id, image.Split, classes[image.Label], image.Source), classes[judged.Suggested], judged.Probability,
            judged.SuggestedProbability, judged.IsDoubted);
    }

    private static IEnumerable<string> Tell(LabelCheckPlan plan, int looked, int judged)
    {
        if (plan.HasLearnedThem)
        {
            yield return "The version was trained on this data set, wrong labels included: of its training images it doubts too few. A "
                + "network that was trained elsewhere, with evidence=features, tells more.";
        }

        if (plan.Features is { } layer)
        {
            yield return $"Judged by a linear classifier on the {LabelCheckPlan.Width(layer)} features of '{layer.Name}', in five parts, "
                + "each by what was learned from the other four.";
        }

        if (looked < plan.Dataset.Images.Count)
        {
            yield return $"Of {plan.Dataset.Images.Count} images {looked} were judged, evenly spread.";
        }

        if (judged < looked)
        {
            yield return $"{looked - judged} images could not be judged: their class has too few others.";
        }
    }
}
