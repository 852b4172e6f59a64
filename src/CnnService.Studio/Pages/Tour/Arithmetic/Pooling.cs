using CnnService.Studio.Parts.Rasters;

namespace CnnService.Studio.Pages.Tour.Arithmetic;

/// <summary>The arithmetic of a pooling layer.</summary>
internal static class Pooling
{
    /// <summary>The largest number of each window.</summary>
    /// <param name="input">The numbers.</param>
    /// <param name="window">Side of the window, which is its stride too.</param>
    public static NumberMap Max(NumberMap input, int window) => Pool(input, window, numbers => numbers.Max());

    /// <summary>The mean of each window.</summary>
    /// <inheritdoc cref="Max"/>
    public static NumberMap Average(NumberMap input, int window) => Pool(input, window, numbers => numbers.Average());

    private static NumberMap Pool(NumberMap input, int window, Func<IEnumerable<float>, float> reduce)
    {
        ArgumentNullException.ThrowIfNull(input);
        int width = input.Width / window, height = input.Height / window;
        return new(
            [
                .. Enumerable.Range(0, width * height).Select(place => reduce(
                    from cell in Enumerable.Range(0, window * window)
                    select input[(place / width * window) + (cell / window), (place % width * window) + (cell % window)])),
            ],
            width);
    }
}
