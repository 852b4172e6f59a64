using CnnService.Core.Common;
using CnnService.Core.Drawing.Figures;
using CnnService.Core.Training.Evaluation;

namespace CnnService.Core.Drawing.Sheets;

/// <summary>A grid of misclassified images, the most confident first, with the true and the predicted class.</summary>
public static class MistakeSheet
{
    /// <summary>Side of a tile, pixels.</summary>
    public const int Side = 200;

    private const int Columns = 4;

    /// <param name="title">What was evaluated.</param>
    /// <param name="about">How many images, of which split.</param>
    /// <param name="classes">All classes, in label order.</param>
    /// <param name="mistakes">At least one.</param>
    /// <param name="images">One each, with their aspect ratio, at most <see cref="Side"/> wide and high; null where the file
    /// is missing.</param>
    public static Figure Create(
        string title, string about, IReadOnlyList<string> classes, IReadOnlyList<Mistake> mistakes, IReadOnlyList<PixelBuffer?> images)
    {
        ArgumentNullException.ThrowIfNull(mistakes);
        ArgumentNullException.ThrowIfNull(images);
        ArgumentOutOfRangeException.ThrowIfNotEqual(images.Count, mistakes.Count);
        var worst = mistakes[0];
        return new()
        {
            Title = title,
            Subtitle = about,
            Description = $"{mistakes.Count} misclassified images, the surest first: {worst.TrueClass} taken for "
                + $"{worst.PredictedClass} with {Certainty.Write(worst.Probability)}.",
            Names = classes,
            Content = new Tiles([.. mistakes.Zip(images, Draw)], Columns, 14, 18),
        };
    }

    private static Block Draw(Mistake mistake, PixelBuffer? image) => Tile.Create(
        new Framed(image, Side), Side,
        ($"{mistake.TrueClass}, taken for {mistake.PredictedClass}", Typography.Caption),
        ($"{Certainty.Write(mistake.Probability)} sure; the true class had {Certainty.Write(mistake.TrueProbability)}", Typography.Small),
        (mistake.Image, Typography.Small));
}
