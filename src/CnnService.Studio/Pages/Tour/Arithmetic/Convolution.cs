using CnnService.Studio.Parts.Rasters;

namespace CnnService.Studio.Pages.Tour.Arithmetic;

/// <summary>The arithmetic of a convolutional layer, as one does it by hand.</summary>
internal static class Convolution
{
    /// <summary>The products of a window: each number of the filter times the number of the input below it, row by row.</summary>
    /// <param name="input">The numbers.</param>
    /// <param name="filter">The weights.</param>
    /// <param name="row">First row of the window in the input; negative inside the padding.</param>
    /// <param name="column">First column of the window in the input.</param>
    public static NumberMap Products(NumberMap input, NumberMap filter, int row, int column)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var products = new float[filter.Values.Length];
        for (var i = 0; i < products.Length; i++)
        {
            products[i] = filter.Values[i] * At(input, row + (i / filter.Width), column + (i % filter.Width));
        }

        return new(products, filter.Width);
    }

    /// <summary>The feature map: at each place that the window can take, the sum of its products.</summary>
    /// <param name="input">The numbers.</param>
    /// <param name="filter">The weights.</param>
    /// <param name="stride">Steps from one place of the window to the next, from 1.</param>
    /// <param name="padding">Zeros added on each side, from 0.</param>
    public static NumberMap Slide(NumberMap input, NumberMap filter, int stride = 1, int padding = 0)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(filter);
        var height = WindowCount.Of(input.Height, filter.Height, stride, padding);
        var width = WindowCount.Of(input.Width, filter.Width, stride, padding);
        var sums = new float[height * width];
        for (var i = 0; i < sums.Length; i++)
        {
            sums[i] = Sum(input, filter, ((i / width) * stride) - padding, ((i % width) * stride) - padding);
        }

        return new(sums, width);
    }

    /// <summary>A filter as deep as its input: each slice slides over its channel, and the maps are added.</summary>
    public static NumberMap SlideDeep(IReadOnlyList<NumberMap> input, IReadOnlyList<NumberMap> filter, float bias = 0)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentOutOfRangeException.ThrowIfNotEqual(filter.Count, input.Count);
        var maps = input.Zip(filter, (channel, slice) => Slide(channel, slice, 1, slice.Width / 2)).ToList();
        return new([.. Enumerable.Range(0, maps[0].Values.Length).Select(i => maps.Sum(map => map.Values[i]) + bias)], maps[0].Width);
    }

    /// <summary>What the activation function ReLU leaves: negative numbers become 0.</summary>
    public static NumberMap Relu(NumberMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        return new([.. map.Values.Select(value => Math.Max(0, value))], map.Width);
    }

    private static float Sum(NumberMap input, NumberMap filter, int row, int column)
    {
        var sum = 0f;
        for (var i = 0; i < filter.Values.Length; i++)
        {
            sum += filter.Values[i] * At(input, row + (i / filter.Width), column + (i % filter.Width));
        }

        return sum;
    }

    /// <summary>0 outside: that is what padding adds.</summary>
    private static float At(NumberMap input, int row, int column) =>
        row < 0 || column < 0 || row >= input.Height || column >= input.Width ? 0 : input[row, column];
}
