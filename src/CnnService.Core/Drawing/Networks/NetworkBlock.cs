using CnnService.Core.Architecture;

namespace CnnService.Core.Drawing.Networks;

/// <summary>A layer drawn as a box in oblique projection: the front shows channels by rows, the depth columns. Sizes in pixels.</summary>
/// <param name="Width">Of the front; grows with the logarithm of the number of channels.</param>
/// <param name="Height">Of the front; grows with the rows of the map, or the logarithm of a vector's length.</param>
/// <param name="Depth">Offset up and to the right; grows with the columns of the map.</param>
/// <param name="Color">Of the front.</param>
/// <param name="Lines">Name, operation, output shape, parameter count.</param>
internal sealed record NetworkBlock(int Width, int Height, int Depth, Color Color, IReadOnlyList<string> Lines)
{
    public const int MaxHeight = 132;

    private const int MinHeight = 8;
    private const double DepthShare = 0.3;
    private const double PixelsPerDoubling = 5;
    private const int MinWidth = 4;
    private const int VectorWidth = 12;
    private const int PlateWidth = 6;
    private const int MaxLetters = 20;

    /// <summary>Exponent of the height scale; below 1, so that small maps stay visible.</summary>
    private const double HeightExponent = 0.6;

    public int TextWidth => Lines.Max(BitmapFont.Width);

    /// <param name="layer">Null: the input image.</param>
    /// <param name="shape">The output shape.</param>
    /// <param name="scale">Of the network it belongs to.</param>
    public static NetworkBlock Create(ResolvedLayer? layer, TensorShape shape, NetworkScale scale)
    {
        var color = layer is null ? NetworkColors.Image : NetworkColors.For(layer.Spec);
        string[] lines = layer is null
            ? [NetworkSpec.InputName, "image", LayerText.Shape(shape), ""]
            : [PlotText.Truncate(layer.Name, MaxLetters), LayerText.Kind(layer.Spec), LayerText.Shape(shape),
                LayerText.Parameters(layer.Parameters)];
        if (!shape.IsMap)
        {
            return new(VectorWidth, Length(Math.Log2(1 + shape.Channels) / scale.Vector, 1), 0, color, lines);
        }

        var isPlate = layer?.Spec is BatchNormalizationLayer or LocalResponseNormalizationLayer or ActivationLayer or PReluLayer
            or DropoutLayer or Padding2dLayer;
        var width = isPlate ? PlateWidth : MinWidth + (int)Math.Round(PixelsPerDoubling * Math.Log2(1 + shape.Channels));
        return new(
            width,
            Length(shape.Height / scale.Map, HeightExponent),
            (int)Math.Round(DepthShare * Length(shape.Width / scale.Map, HeightExponent)),
            color,
            lines);
    }

    /// <summary>Draws the box; the front's lower left corner is at (left, bottom).</summary>
    public void Draw(Canvas canvas, int left, int bottom)
    {
        var (top, side, edge) = (NetworkColors.Shaded(Color, 1.35), NetworkColors.Shaded(Color, 0.75), NetworkColors.Shaded(Color, 0.5));
        for (var step = Depth; step >= 1; step--)
        {
            canvas.Fill(left + step, bottom - Height - step, Width, 1, step == Depth ? edge : top);
            canvas.Fill(left + Width + step - 1, bottom - Height - step, 1, Height, step == Depth ? edge : side);
            canvas.Fill(left + step, bottom - Height - step, 1, 1, edge);
            canvas.Fill(left + Width + step - 1, bottom - Height - step, 1, 1, edge);
            canvas.Fill(left + Width + step - 1, bottom - step, 1, 1, edge);
        }

        canvas.Fill(left, bottom - Height, Width, Height, edge);
        canvas.Fill(left + 1, bottom - Height + 1, Width - 2, Height - 2, Color);
    }

    private static int Length(double share, double power) =>
        MinHeight + (int)Math.Round((MaxHeight - MinHeight) * Math.Pow(Math.Min(1, share), power));
}

/// <summary>The extents of a network that block sizes are relative to.</summary>
/// <param name="Map">The larger side of the input image, cells.</param>
/// <param name="Vector">Base-2 logarithm of (1 + the length of the longest vector).</param>
internal sealed record NetworkScale(double Map, double Vector)
{
    public static NetworkScale Create(ResolvedNetwork network) => new(
        Math.Max(network.Spec.Input.Height, network.Spec.Input.Width),
        Math.Log2(
            1 + network.Layers.Where(layer => !layer.OutputShape.IsMap).Select(layer => layer.OutputShape.Channels).DefaultIfEmpty(1)
                .Max()));
}
