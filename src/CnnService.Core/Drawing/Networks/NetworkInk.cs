using CnnService.Core.Architecture;
using CnnService.Core.Drawing.Figures;
using CnnService.Core.Drawing.Scenes;

namespace CnnService.Core.Drawing.Networks;

/// <summary>The colours of layers in network diagrams.</summary>
internal static class NetworkInk
{
    private static readonly (Ink Ink, string Name)[] Kinds =
    [
        (Ink.Series1, "convolution"), (Ink.Series2, "pooling"), (Ink.Series4, "dense"), (Ink.Series3, "normalization"),
        (Ink.Series5, "branches joined"), (Ink.Axis, "other"),
    ];

    /// <param name="layer">Null: the input image.</param>
    public static Ink For(LayerSpec? layer) => layer switch
    {
        Conv2dLayer => Ink.Series1,
        PoolingLayer or GlobalPoolingLayer => Ink.Series2,
        DenseLayer => Ink.Series4,
        BatchNormalizationLayer or LayerNormalizationLayer or LocalResponseNormalizationLayer => Ink.Series3,
        AddLayer or MultiplyLayer or ConcatenateLayer => Ink.Series5,
        _ => Ink.Axis,
    };

    /// <summary>The colours that occur, with what they stand for.</summary>
    public static Legend Legend(IEnumerable<LayerSpec?> layers, double width)
    {
        var used = layers.Select(For).ToHashSet();
        return new([.. Kinds.Where(kind => used.Contains(kind.Ink)).Select(kind => (new Mark(kind.Ink, MarkKind.Square, 6), kind.Name))],
            width);
    }
}
