using CnnService.Core.Drawing.Figures;
using CnnService.Core.Training.Evaluation;

namespace CnnService.Core.Interpretation.Attribution;

/// <summary>Composes a sheet of misclassified images, each beside its explanation.</summary>
public static class ExplainedMistakes
{
    /// <summary>Side of an image in pixels.</summary>
    public const int Side = 200;

    private const int Gap = 4;
    private const int Columns = 3;

    /// <param name="title">A single line.</param>
    /// <param name="about">By which method.</param>
    /// <param name="classes">All classes, in label order.</param>
    /// <param name="mistakes">The misclassified images, at least one.</param>
    /// <param name="tiles">One a mistake; null if the image no longer exists.</param>
    public static Figure Compose(
        string title, string about, IReadOnlyList<string> classes, IReadOnlyList<Mistake> mistakes, IReadOnlyList<ExplainedTile?> tiles)
    {
        ArgumentNullException.ThrowIfNull(mistakes);
        ArgumentNullException.ThrowIfNull(tiles);
        ArgumentOutOfRangeException.ThrowIfNotEqual(tiles.Count, mistakes.Count);
        return new()
        {
            Title = title,
            Subtitle = about,
            Description = $"{mistakes.Count} images of {mistakes[0].TrueClass} taken for {mistakes[0].PredictedClass}, each beside the "
                + "heat map of what speaks for the predicted class.",
            Names = classes,
            Content = new Tiles([.. mistakes.Zip(tiles, Draw)], Columns, 16, 18),
        };
    }

    private static Block Draw(Mistake mistake, ExplainedTile? tile) => Tile.Create(
        new Stack([new Framed(tile?.Image, Side), new Framed(tile?.Overlay, Side)], Gap, IsRow: true),
        (2 * Side) + Gap,
        ($"{mistake.TrueClass}, taken for {mistake.PredictedClass}", Typography.Caption),
        ($"{Certainty.Write(mistake.Probability)} sure; the true class had {Certainty.Write(mistake.TrueProbability)}", Typography.Small));
}
