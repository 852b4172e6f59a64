using CnnService.Core.Architecture;

namespace CnnService.Core.Interpretation.Layers;

/// <summary>Receptive field of a cell, in pixels; may extend beyond the image into the padding.</summary>
/// <param name="Left">First column.</param>
/// <param name="Top">First row.</param>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
public sealed record FieldBox(int Left, int Top, int Width, int Height)
{
    /// <summary>The receptive field of a cell; the whole image for layers whose cells depend on all of it.</summary>
    /// <param name="layer">The layer of the cell.</param>
    /// <param name="input">Size of the network's input.</param>
    /// <param name="y">Row of the cell in the feature map.</param>
    /// <param name="x">Column of the cell in the feature map.</param>
    public static FieldBox Compute(ResolvedLayer layer, InputSpec input, int y, int x)
    {
        ArgumentNullException.ThrowIfNull(layer);
        ArgumentNullException.ThrowIfNull(input);
        return layer.Field is not { } field
            ? new(0, 0, input.Width, input.Height)
            : new(
                Low(field.StartX, field.Jump.Width, x, field.Size.Width),
                Low(field.StartY, field.Jump.Height, y, field.Size.Height),
                field.Size.Width,
                field.Size.Height);
    }

    /// <summary>The part inside an image; width and height are 0 if there is none.</summary>
    public FieldBox Within(int width, int height)
    {
        int left = Math.Clamp(Left, 0, width), top = Math.Clamp(Top, 0, height);
        return new(left, top, Math.Clamp(Left + Width, 0, width) - left, Math.Clamp(Top + Height, 0, height) - top);
    }

    private static int Low(double start, int jump, int cell, int size) => (int)Math.Floor(start + ((double)jump * cell) - (size / 2.0));
}
