using CnnService.Core.Architecture;

namespace CnnService.Onnx.Gradients;

/// <summary>
/// The derivative of a padding: what a padded cell repeats gathers that cell's derivative. Padding is linear along each axis, so its
/// derivative is two matrix products with zeros and ones.
/// </summary>
internal static class PaddingGradients
{
    /// <param name="nodes">Of the layer.</param>
    /// <param name="map">Before padding.</param>
    /// <param name="padding">Explicit.</param>
    /// <param name="mode">What the cells repeat.</param>
    /// <param name="gradient">By the padded map.</param>
    public static string Add(LayerGradientNodes nodes, TensorShape map, Padding2 padding, PaddingMode mode, string gradient)
    {
        var (height, width) = (map.Height, map.Width);
        var rows = Gathering(height, padding.Top, padding.Bottom, mode); // [height, padded height]
        var columns = Transposed(Gathering(width, padding.Left, padding.Right, mode), width); // [padded width, width]
        var upright = nodes.Node("MatMul", "rows", [nodes.Constant("rows/matrix", rows, height, rows.Length / height), gradient]);
        return nodes.Node("MatMul", "columns", [upright, nodes.Constant("columns/matrix", columns, columns.Length / width, width)]);
    }

    /// <summary>Row by row: which padded cells show this cell.</summary>
    private static float[] Gathering(int size, int before, int after, PaddingMode mode)
    {
        var padded = before + size + after;
        var matrix = new float[size * padded];
        for (var cell = 0; cell < padded; cell++)
        {
            if (Shown(cell - before, size, mode) is var source and >= 0)
            {
                matrix[(source * padded) + cell] = 1;
            }
        }

        return matrix;
    }

    private static int Shown(int position, int size, PaddingMode mode) => mode switch
    {
        _ when position >= 0 && position < size => position,
        PaddingMode.Edge => Math.Clamp(position, 0, size - 1),
        PaddingMode.Reflect => position < 0 ? -position : (2 * (size - 1)) - position,
        _ => -1,
    };

    private static float[] Transposed(float[] matrix, int rows)
    {
        var columns = matrix.Length / rows;
        var result = new float[matrix.Length];
        for (var i = 0; i < matrix.Length; i++)
        {
            result[((i % columns) * rows) + (i / columns)] = matrix[i];
        }

        return result;
    }
}
