using CnnService.Core.Architecture;

namespace CnnService.Onnx.Gradients;

/// <summary>Padding along one side as a matrix: which cell of the map stands in each cell of the padded one.</summary>
internal static class PaddingMatrix
{
    /// <summary><c>[before + size + after, size]</c>, a single 1 in each row.</summary>
    /// <param name="size">Cells of the map.</param>
    /// <param name="before">Cells before it.</param>
    /// <param name="after">Cells after it.</param>
    /// <param name="mode">Edge or reflect.</param>
    public static float[] Of(int size, int before, int after, PaddingMode mode)
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
