using CnnService.Core.Architecture;

namespace CnnService.Onnx.Gradients;

/// <summary>Edge or reflect padding along one axis as a matrix from the cells to the padded cells.</summary>
internal static class PaddingMatrix
{
    /// <summary><c>[before + size + after, size]</c> in C order, a single 1 in each row.</summary>
    /// <param name="size">Length of the axis without padding.</param>
    /// <param name="before">Number of padding cells before it.</param>
    /// <param name="after">Number of padding cells after it.</param>
    /// <param name="mode">Edge or reflect.</param>
    public static float[] Create(int size, int before, int after, PaddingMode mode)
    {
        var matrix = new float[(before + size + after) * size];
        for (var cell = 0; cell < before + size + after; cell++)
        {
            matrix[(cell * size) + Source(cell - before, size, mode)] = 1;
        }

        return matrix;
    }

    public static float[] Transpose(float[] matrix, int columns)
    {
        var rows = matrix.Length / columns;
        var turned = new float[matrix.Length];
        for (var i = 0; i < matrix.Length; i++)
        {
            turned[(i % columns * rows) + (i / columns)] = matrix[i];
        }

        return turned;
    }

    private static int Source(int cell, int size, PaddingMode mode) => mode switch
    {
        PaddingMode.Edge => Math.Clamp(cell, 0, size - 1),
        PaddingMode.Reflect => cell < 0 ? -cell : cell < size ? cell : (2 * (size - 1)) - cell,
        _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, "repeats no cell"),
    };
}
