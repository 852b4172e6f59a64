using CnnService.Core.Architecture;

namespace CnnService.Core.Drawing.Networks;

/// <summary>The colour palette of network diagrams.</summary>
internal static class NetworkColors
{
    public static readonly Color Paper = Color.FromRgb(0xFFFFFF);
    public static readonly Color Ink = Color.FromRgb(0x28323C);
    public static readonly Color Faint = Color.FromRgb(0x6B7883);
    public static readonly Color Image = Color.FromRgb(0xC9D3DB);

    public static Color For(LayerSpec layer) => layer switch
    {
        Conv2dLayer => Color.FromRgb(0x6BAED6),
        PoolingLayer or GlobalPoolingLayer => Color.FromRgb(0xE8837A),
        DenseLayer => Color.FromRgb(0xF0B45A),
        BatchNormalizationLayer or LocalResponseNormalizationLayer => Color.FromRgb(0xA9D18E),
        AddLayer or MultiplyLayer or ConcatenateLayer => Color.FromRgb(0xB79AD6),
        _ => Image,
    };

    /// <summary>Darkens (light below 1) or lightens (above 1) a colour.</summary>
    public static Color Shaded(Color color, double light)
    {
        byte Shade(byte value) => (byte)Math.Round(light <= 1 ? value * light : value + ((255 - value) * (light - 1)));
        return new(Shade(color.Red), Shade(color.Green), Shade(color.Blue));
    }
}
