namespace CnnService.Core.Architecture;

/// <summary>The sliding window of a convolution, pooling or padding layer; all sizes in cells.</summary>
/// <param name="Kernel">Height and width in weights, without dilation.</param>
/// <param name="Strides">Step between neighbouring positions.</param>
/// <param name="Dilation">Distance between neighbouring weights.</param>
/// <param name="Padding">May still be "same".</param>
/// <param name="IsCeil">Whether the last window may reach beyond the padding (ceil mode).</param>
internal readonly record struct Window(Size2 Kernel, Size2 Strides, Size2 Dilation, Padding2 Padding, bool IsCeil = false)
{
    /// <summary>The window of a layer; null for layers without one.</summary>
    public static Window? From(LayerSpec layer) => layer switch
    {
        Conv2dLayer conv => new(conv.KernelSize, conv.Strides, conv.Dilation, conv.Padding),
        PoolingLayer pool => new(pool.PoolSize, pool.EffectiveStrides, new(1, 1), pool.Padding, pool.CeilMode),
        Padding2dLayer pad => new(new(1, 1), new(1, 1), new(1, 1), pad.Padding),
        _ => null,
    };

    /// <summary>The same window with its padding resolved for a map of this size.</summary>
    public Window ResolvePadding(Size2 map)
    {
        var padding = Padding.Resolve(map, Kernel, Strides, Dilation);
        return this with { Padding = IsCeil ? padding.ExtendForCeilMode(map, Kernel, Strides) : padding };
    }

    /// <summary>Size of the map including its padding, which must be explicit.</summary>
    public Size2 Padded(Size2 map) => new(map.Height + Padding.Top + Padding.Bottom, map.Width + Padding.Left + Padding.Right);

    /// <summary>Extent of the dilated kernel.</summary>
    public Size2 Span => new(((Kernel.Height - 1) * Dilation.Height) + 1, ((Kernel.Width - 1) * Dilation.Width) + 1);

    /// <summary>Number of window positions on a padded map, which is the output size; 0 where the window does not fit.</summary>
    public Size2 Positions(Size2 padded) => new(
        Positions(padded.Height, Span.Height, Strides.Height),
        Positions(padded.Width, Span.Width, Strides.Width));

    private static int Positions(int cells, int span, int stride) => cells < span ? 0 : ((cells - span) / stride) + 1;
}
