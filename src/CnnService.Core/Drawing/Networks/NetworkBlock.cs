using CnnService.Core.Architecture;
using CnnService.Core.Drawing.Figures;
using CnnService.Core.Drawing.Scenes;

namespace CnnService.Core.Drawing.Networks;

/// <summary>A layer drawn as a box in oblique projection: the front shows channels by rows, the depth columns. Sizes in pixels.</summary>
/// <param name="Width">Of the front; grows with the logarithm of the number of channels.</param>
/// <param name="Height">Of the front; grows with the rows of the map, or the logarithm of a vector's length.</param>
/// <param name="Depth">Offset up and to the right; grows with the columns of the map.</param>
/// <param name="Ink">Of the front.</param>
/// <param name="Lines">Name, operation, output shape, parameter count.</param>
internal sealed record NetworkBlock(int Width, int Height, int Depth, Ink Ink, IReadOnlyList<string> Lines)
{
    public const int MaxHeight = 132;

    private const int MinHeight = 8;
    private const double DepthShare = 0.3;
    private const double PixelsPerDoubling = 5;
    private const int MinWidth = 4;
    private const int VectorWidth = 12;
    private const int PlateWidth = 6;
    private const double MaxText = 150;

    /// <summary>Exponent of the height scale; below 1, so that small maps stay visible.</summary>
    private const double HeightExponent = 0.6;

    public static TextStyle Detail { get; } = new(11, FontWeight.Regular, Scenes.Ink.Faint);

    public double TextWidth(Lettering lettering) => Lines.Index().Max(line => lettering.Width(Fit(lettering, line), Style(line.Index)));

    /// <param name="layer">Null: the input image.</param>
    /// <param name="shape">The output shape.</param>
    /// <param name="scale">Of the network it belongs to.</param>
    public static NetworkBlock Create(ResolvedLayer? layer, TensorShape shape, NetworkScale scale)
    {
        var ink = NetworkInk.For(layer?.Spec);
        string[] lines = layer is null
            ? [NetworkSpec.InputName, "image", LayerText.Shape(shape), ""]
            : [layer.Name, LayerText.Kind(layer.Spec), LayerText.Shape(shape),
                LayerText.Parameters(layer.Parameters)];
        if (!shape.IsMap)
        {
            return new(VectorWidth, Length(Math.Log2(1 + shape.Channels) / scale.Vector, 1), 0, ink, lines);
        }

        var isPlate = layer?.Spec is BatchNormalizationLayer or LayerNormalizationLayer or LocalResponseNormalizationLayer
            or ActivationLayer or PReluLayer or DropoutLayer or Padding2dLayer;
        var width = isPlate ? PlateWidth : MinWidth + (int)Math.Round(PixelsPerDoubling * Math.Log2(1 + shape.Channels));
        return new(
            width,
            Length(shape.Height / scale.Map, HeightExponent),
            (int)Math.Round(DepthShare * Length(shape.Width / scale.Map, HeightExponent)),
            ink,
            lines);
    }

    /// <summary>Draws the box; the front's lower left corner is at (left, bottom).</summary>
    public void Draw(Sketch sketch, double left, double bottom)
    {
        double right = left + Width, top = bottom - Height;
        Paint face = Ink;
        sketch.Add(new PathShape(
            [new(left, top), new(left + Depth, top - Depth), new(right + Depth, top - Depth), new(right, top), new(left, top)],
            Scenes.Ink.Paper, 1, face.At(0.45)));
        sketch.Add(new PathShape(
            [new(right, top), new(right + Depth, top - Depth), new(right + Depth, bottom - Depth), new(right, bottom), new(right, top)],
            Scenes.Ink.Paper, 1, face.At(0.7)));
        sketch.Add(new RectangleShape(left, top, Width, Height, face));
    }

    /// <summary>Writes the lines below each other, centred about x.</summary>
    public void Write(Sketch sketch, double x, double top)
    {
        foreach (var line in Lines.Index())
        {
            sketch.Write(Fit(sketch.Lettering, line), Style(line.Index), x, top, TextAnchor.Middle);
            top += Style(line.Index).LineHeight;
        }
    }

    private static TextStyle Style(int line) => line == 0 ? Typography.Caption : Detail;

    private static string Fit(Lettering lettering, (int Index, string Text) line) => lettering.Fit(line.Text, Style(line.Index), MaxText);

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
