using CnnService.Client;

namespace CnnService.Studio.Parts.Networks;

/// <summary>What a cell of a map sees of the image, in pixels of the network's input; may reach beyond the image.</summary>
/// <param name="Left">Of the box.</param>
/// <param name="Top">Of the box.</param>
/// <param name="Width">Of the box.</param>
/// <param name="Height">Of the box.</param>
public readonly record struct SeenBox(double Left, double Top, double Width, double Height)
{
    /// <summary>Of a cell, by the layer's figures; null where every cell sees the whole image.</summary>
    public static SeenBox? Of(ReceptiveFieldFigures field, int row, int column)
    {
        ArgumentNullException.ThrowIfNull(field);
        if (field.IsWholeImage || field.Start is not [var startY, var startX] || field.Jump is not [var down, var right])
        {
            return null;
        }

        double height = field.Size[0], width = field.Size[1];
        return new(startX + (right * column) - (width / 2), startY + (down * row) - (height / 2), width, height);
    }
}
