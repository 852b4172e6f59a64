namespace CnnService.Core.Datasets.Health;

/// <summary>A part of an image; edges as shares of its width and height, 0–1.</summary>
internal readonly record struct Window(float Left, float Top, float Right, float Bottom)
{
    /// <summary>The whole image.</summary>
    public static Window Whole { get; } = new(0, 0, 1, 1);

    /// <summary>
    /// The parts that are looked up for each image: a copy that was cropped by a few per cent is close to one of them. The whole is first.
    /// </summary>
    public static IReadOnlyList<Window> Crops { get; } =
    [
        Whole, Part(0.95f, 0.5f, 0.5f), Part(0.95f, 0, 0), Part(0.95f, 1, 0), Part(0.95f, 0, 1), Part(0.95f, 1, 1), Part(0.9f, 0.5f, 0.5f),
    ];

    /// <summary>A window of a share of both sides.</summary>
    /// <param name="share">Of width and height, 0–1.</param>
    /// <param name="right">0: at the left edge; 1: at the right edge.</param>
    /// <param name="down">0: at the upper edge; 1: at the lower edge.</param>
    private static Window Part(float share, float right, float down)
    {
        var (left, top) = (right * (1 - share), down * (1 - share));
        return new(left, top, left + share, top + share);
    }
}
