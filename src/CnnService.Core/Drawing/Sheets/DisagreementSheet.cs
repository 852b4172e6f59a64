using CnnService.Core.Common;
using CnnService.Core.Drawing.Figures;
using CnnService.Core.Drawing.Scenes;
using CnnService.Core.Training.Comparison;

namespace CnnService.Core.Drawing.Sheets;

/// <summary>A grid of images that two versions classify differently, with the true class and both predictions.</summary>
public static class DisagreementSheet
{
    private const int Columns = 4;

    /// <param name="title">What was compared.</param>
    /// <param name="a">Name of the first version.</param>
    /// <param name="b">Name of the second version.</param>
    /// <param name="classes">All classes, in label order.</param>
    /// <param name="disagreements">At least one.</param>
    /// <param name="images">One each, with their aspect ratio, at most <see cref="MistakeSheet.Side"/> wide and high; null where the file
    /// is missing.</param>
    public static Figure Create(
        string title, string a, string b, IReadOnlyList<string> classes, IReadOnlyList<Disagreement> disagreements,
        IReadOnlyList<PixelBuffer?> images)
    {
        ArgumentNullException.ThrowIfNull(disagreements);
        ArgumentNullException.ThrowIfNull(images);
        ArgumentOutOfRangeException.ThrowIfNotEqual(images.Count, disagreements.Count);
        var (rightA, rightB) = (disagreements.Count(one => one.A == one.TrueClass), disagreements.Count(one => one.B == one.TrueClass));
        return new()
        {
            Title = title,
            Subtitle = $"A is {a}, B is {b}. Of these {disagreements.Count} A has {rightA} right, B {rightB}.",
            Description = $"{disagreements.Count} images that {a} and {b} classify differently; the first has {rightA} of them right, the "
                + $"second {rightB}.",
            Names = classes,
            Content = new Tiles([.. disagreements.Zip(images, Draw)], Columns, 14, 18),
        };
    }

    private static Block Draw(Disagreement one, PixelBuffer? image) => Tile.Create(
        new Framed(image, MistakeSheet.Side), MistakeSheet.Side,
        (one.TrueClass, Typography.Caption),
        Says("A", one.A, one.AProbability, one.TrueClass),
        Says("B", one.B, one.BProbability, one.TrueClass));

    /// <summary>In words and in colour, so that neither alone has to be seen.</summary>
    private static (string, TextStyle) Says(string who, string name, double probability, string truth) => (
        $"{who} {(name == truth ? "right" : "wrong")}: {name}, {Certainty.Write(probability)}",
        Typography.Small with { Paint = name == truth ? Ink.Series1 : Ink.Series2 });
}
