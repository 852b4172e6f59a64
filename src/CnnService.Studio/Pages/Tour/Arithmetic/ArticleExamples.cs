using CnnService.Studio.Parts.Rasters;

namespace CnnService.Studio.Pages.Tour.Arithmetic;

/// <summary>The numbers that the article "Applied Deep Learning, Part 4: Convolutional Neural Networks" explains its layers by.</summary>
internal static class ArticleExamples
{
    /// <summary>The input of its convolution, 5x5.</summary>
    public static NumberMap Input { get; } = new(
        [
            1, 1, 1, 0, 0,
            0, 1, 1, 1, 0,
            0, 0, 1, 1, 1,
            0, 0, 1, 1, 0,
            0, 1, 1, 0, 0,
        ], 5);

    /// <summary>Its filter, 3x3.</summary>
    public static NumberMap Filter { get; } = new(
        [
            1, 0, 1,
            0, 1, 0,
            1, 0, 1,
        ], 3);

    /// <summary>The input of its max pooling, 4x4.</summary>
    public static NumberMap PoolingInput { get; } = new(
        [
            1, 1, 2, 4,
            5, 6, 7, 8,
            3, 2, 1, 0,
            1, 2, 3, 4,
        ], 4);
}
