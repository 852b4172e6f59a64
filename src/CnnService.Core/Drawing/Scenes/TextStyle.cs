namespace CnnService.Core.Drawing.Scenes;

/// <param name="Size">Height of an em, in units of the scene.</param>
/// <param name="Weight">Of the typeface.</param>
/// <param name="Paint">Colour of the letters.</param>
public readonly record struct TextStyle(double Size, FontWeight Weight, Paint Paint)
{
    /// <summary>Height of a capital, as a share of the size; that of Inter.</summary>
    private const double CapitalShare = 0.727;

    private const double LineShare = 1.32;

    /// <summary>Distance between two baselines.</summary>
    public double LineHeight => Size * LineShare;

    /// <summary>Distance from the upper edge of a line to its baseline.</summary>
    public double Baseline => (LineHeight + CapitalHeight) / 2;

    /// <summary>Height of a capital letter.</summary>
    public double CapitalHeight => Size * CapitalShare;
}
