namespace CnnService.Core.Architecture;

/// <summary>What slides over a map in a convolution or pooling.</summary>
/// <param name="Kernel">Cells it takes, each way.</param>
/// <param name="Strides">Cells it moves on.</param>
/// <param name="Dilation">Distance between the cells it takes.</param>
/// <param name="Padding">May still say "same".</param>
/// <param name="IsCeil">The last window may reach beyond the padding.</param>
internal readonly record struct Window(Size2 Kernel, Size2 Strides, Size2 Dilation, Padding2 Padding, bool IsCeil = false)
{
    /// <summary>The window of a layer; null where nothing slides.</summary>
    public static Window? Of(LayerSpec layer) => layer switch
    {
        Conv2dLayer conv => new(conv.KernelSize, conv.Strides, conv.Dilation, conv.Padding),
        PoolingLayer pool => new(pool.PoolSize, pool.Steps, new(1, 1), pool.Padding, pool.CeilMode),
        Padding2dLayer pad => new(new(1, 1), new(1, 1), new(1, 1), pad.Padding),
        _ => null,
    };

    /// <summary>The same window with its padding explicit for a map of this size.</summary>
    public Window Over(Size2 map)
    {
        var padding = Padding.Resolve(map, Kernel, Strides, Dilation);
        return this with { Padding = IsCeil ? padding.Complete(map, Kernel, Strides) : padding };
    }

    /// <summary>The map with its padding; the padding must be explicit.</summary>
    public Size2 Padded(Size2 map) => new(map.Height + Padding.Top + Padding.Bottom, map.Width + Padding.Left + Padding.Right);

    /// <summary>Cells from the window's first to its last, both included.</summary>
    public Size2 Span => new(((Kernel.Height - 1) * Dilation.Height) + 1, ((Kernel.Width - 1) * Dilation.Width) + 1);

    /// <summary>Places the window takes over a padded map; below 1 where it does not fit.</summary>
    public Size2 Places(Size2 padded) => new(
        Places(padded.Height, Span.Height, Strides.Height),
        Places(padded.Width, Span.Width, Strides.Width));

    private static int Places(int cells, int span, int stride) => cells < span ? 0 : ((cells - span) / stride) + 1;
}
