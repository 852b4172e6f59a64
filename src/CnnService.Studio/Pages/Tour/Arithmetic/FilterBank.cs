using CnnService.Studio.Parts.Rasters;

namespace CnnService.Studio.Pages.Tour.Arithmetic;

/// <summary>Filters written by hand, as deep as a colour image.</summary>
/// <param name="Name">What it looks for.</param>
/// <param name="Words">What is seen in its map.</param>
/// <param name="Slices">3x3 weights over red, green and blue.</param>
internal sealed record FilterBank(string Name, string Words, IReadOnlyList<NumberMap> Slices)
{
    public static IReadOnlyList<FilterBank> All { get; } =
    [
        Same("Vertical edges", "Bright on the left and dark on the right gives red, the other way round blue: walls, door and fence "
            + "stand out, and what lies flat is gone.", 1, 0, -1, 2, 0, -2, 1, 0, -1),
        Same("Horizontal edges", "Now the lines of the roof, the rails of the fence and the hills answer.", 1, 2, 1, 0, 0, 0, -1, -2, -1),
        Same("All edges", "The middle against all around it: nothing where the image is even, much at every outline.",
            -1, -1, -1, -1, 8, -1, -1, -1, -1),
        Same("Blur", "The mean of nine pixels; no detector at all, and a filter all the same.",
            1 / 9f, 1 / 9f, 1 / 9f, 1 / 9f, 1 / 9f, 1 / 9f, 1 / 9f, 1 / 9f, 1 / 9f),
        new("Red, not green", "The slices differ: red counts for it, green against it. It finds the roof by its colour, not its shape.",
            [All9(1 / 9f), All9(-1 / 9f), All9(0)]),
        new("Blue, not red", "The sky and the window.", [All9(-1 / 9f), All9(0), All9(1 / 9f)]),
    ];

    private static FilterBank Same(string name, string words, params float[] weights) =>
        new(name, words, [new(weights, 3), new(weights, 3), new(weights, 3)]);

    private static NumberMap All9(float weight) => new([.. Enumerable.Repeat(weight, 9)], 3);
}
