using CnnService.Studio.Service;

namespace CnnService.Studio.Pages.Tour.Figures;

/// <summary>What two curves show of overfitting, and no more than that.</summary>
internal static class GapWords
{
    private const double ClearGap = 0.1;

    private const double ByHeart = 0.97;

    /// <param name="train">Share of the training images that are right, 0–1.</param>
    /// <param name="validation">Share of the validation images that are right, 0–1.</param>
    public static string Of(double train, double validation) =>
        $"{Words.Percent(train, 0)} of the images it learns from are right, and {Words.Percent(validation, 0)} of those it has not seen"
        + (train - validation) switch
        {
            >= ClearGap when train >= ByHeart =>
                $": it knows the first by heart, {Points(train - validation)} more than it can do. That is overfitting.",
            >= ClearGap => $": {Points(train - validation)} between them. Overfitting begins.",
            _ => ": no gap to speak of. It overfits nothing yet.",
        };

    private static string Points(double gap) => Words.Count((long)Math.Round(100 * gap), "point", "points");
}
