using CnnService.Core.Datasets;

namespace CnnService.Core.Training.Recipes;

/// <summary>Whether what a plan starts from is likely to help with a data set.</summary>
public static class RecipeFit
{
    /// <summary>Sides below this, in pixels, are enlarged more than threefold for a start of 224.</summary>
    private const int SmallSide = 64;

    /// <summary>Where the data set is unlike photographs, what to try besides; null where nothing is to be said.</summary>
    public static string? Describe(TrainingPlan plan, DatasetManifest dataset)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(dataset);
        if (plan.StartFrom is null || dataset.Images.Count == 0)
        {
            return null;
        }

        var sides = dataset.Images.Select(image => Math.Max(image.Width, image.Height)).Order().ToArray();
        var isSmall = sides[sides.Length / 2] < SmallSide && plan.Network.Input.Height > SmallSide;
        string?[] differences = [isSmall ? $"most are at most {sides[sides.Length / 2]} pixels wide" : null,
            dataset.Channels == 1 ? "they are grey" : null];
        var told = string.Join(" and ", differences.Where(difference => difference is not null));
        return told.Length == 0 ? null
            : $"The start was trained on colour photographs, and these images are unlike them: {told}. Compare it with a network trained "
                + "from scratch on a smaller image size, such as the recipe article with imageSize.";
    }
}
