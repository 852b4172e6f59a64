using CnnService.Core.Architecture;

namespace CnnService.Onnx.Export;

/// <summary>
/// The ONNX nodes of pooling layers. The cells that complete the last window are written as explicit padding, because runtimes do not
/// read them otherwise.
/// </summary>
internal sealed class PoolingNodes(GraphBuilder graph)
{
    /// <param name="input">Name of the input value.</param>
    /// <param name="output">Name of the output value.</param>
    public void Add(ResolvedLayer layer, string input, string output)
    {
        switch (layer.Spec)
        {
            case MaxPooling2dLayer pool:
                Pool("MaxPool", layer, pool, layer.Padding, input, output);
                break;
            case AveragePooling2dLayer pool:
                Average(layer, pool, input, output);
                break;
            case GlobalPoolingLayer pool:
                Global(layer, pool, input, output);
                break;
        }
    }

    private void Global(ResolvedLayer layer, GlobalPoolingLayer pool, string input, string output)
    {
        var operation = pool is GlobalMaxPooling2dLayer ? "GlobalMaxPool" : "GlobalAveragePool";
        var value = graph.Node(operation, layer.Name, pool.KeepDimensions ? output : $"{layer.Name}/map", [input]);
        if (!pool.KeepDimensions)
        {
            graph.Node("Flatten", $"{layer.Name}/flatten", output, [value], Attributes.Number("axis", 1L));
        }
    }

    private void Average(ResolvedLayer layer, AveragePooling2dLayer pool, string input, string output)
    {
        var map = layer.InputShapes[0];
        var written = pool.Padding.Resolve(new(map.Height, map.Width), pool.PoolSize, pool.EffectiveStrides, new(1, 1));
        var padding = layer.Padding;
        if (!pool.CountIncludePad || written.IsZero)
        {
            Pool("AveragePool", layer, pool, padding, input, output);
            return;
        }

        if (padding == written)
        {
            Pool("AveragePool", layer, pool, padding, input, output, Attributes.Number("count_include_pad", 1L));
            return;
        }

        // The layer's own padding counts in the average, the cells that complete the last window do not; no attribute expresses both.
        var pads = graph.Integers($"{layer.Name}/pads", 0, 0, written.Top, written.Left, 0, 0, written.Bottom, written.Right);
        var padded = graph.Node("Pad", $"{layer.Name}/pad", $"{layer.Name}/padded", [input, pads]);
        var lacking = Padding2.Explicit(0, 0, padding.Bottom - written.Bottom, padding.Right - written.Right);
        Pool("AveragePool", layer, pool, lacking, padded, output);
    }

    private void Pool(
        string operation, ResolvedLayer layer, PoolingLayer pool, Padding2 padding, string input, string output,
        params ReadOnlySpan<Format.AttributeProto> more) => graph.Node(
        operation,
        layer.Name,
        output,
        [input],
        [
            Attributes.Pair("kernel_shape", pool.PoolSize),
            Attributes.Pair("strides", pool.EffectiveStrides),
            Attributes.Pads(padding),
            .. more,
        ]);
}
