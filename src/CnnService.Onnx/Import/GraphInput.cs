using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Onnx.Format;

namespace CnnService.Onnx.Import;

/// <summary>The image input of a graph.</summary>
/// <param name="Name">Its name in the graph.</param>
/// <param name="Image">Height, width and channels.</param>
/// <param name="IsChannelsLast">The layout is <c>[N,H,W,C]</c> instead of <c>[N,C,H,W]</c>.</param>
/// <param name="IsBytes">The type is uint8: the preprocessing is part of the graph.</param>
/// <param name="FixedBatch">The number of images that the file fixes; 0 if it is free.</param>
internal sealed record GraphInput(string Name, InputSpec Image, bool IsChannelsLast, bool IsBytes, int FixedBatch)
{
    private const int DefaultSide = 224;
    private const int MaxBatch = 256;

    /// <summary>Finds the only input that is not an initializer. Problem: <c>onnx.unsupported</c>.</summary>
    /// <param name="graph">The graph of the file.</param>
    public static Outcome<GraphInput> Find(GraphProto graph)
    {
        var weights = graph.Initializer.Select(tensor => tensor.Name).ToHashSet(StringComparer.Ordinal);
        if (graph.Input.Where(input => !weights.Contains(input.Name)).ToArray() is not [var input])
        {
            return Refuse("The network must take one input, an image.");
        }

        var type = input.Type?.TensorType;
        if (type?.Shape?.Dim is not { Count: 4 } dims || type.ElemType is not (OnnxTypes.Float or OnnxTypes.UInt8))
        {
            return Refuse(
                $"The network's input '{UntrustedName.Sanitize(input.Name)}' must be an image of four dimensions in float32 (or unsigned "
                + $"bytes [N,H,W,C]): batch, channels, height, width.");
        }

        long[] sizes = [
            .. dims.Select(
                dim => dim.ValueCase == TensorShapeProto.Types.Dimension.ValueOneofCase.DimValue && dim.DimValue > 0 ? dim.DimValue : 0)];
        var isBytes = type.ElemType == OnnxTypes.UInt8;
        var isLast = sizes[1] is not (1 or 3) || isBytes;
        var (channels, height, width) = isLast ? (sizes[3], sizes[1], sizes[2]) : (sizes[1], sizes[2], sizes[3]);
        if (channels is not (1 or 3) || Math.Max(height, width) > NetworkLimits.InputSide)
        {
            return Refuse(
                $"The network's input '{UntrustedName.Sanitize(input.Name)}' must be an image of 1 or 3 channels and at most "
                + $"{NetworkLimits.InputSide} pixels each way, received ["
                + $"{string.Join(", ", sizes.Select(size => size == 0 ? "?" : $"{size}"))}].");
        }

        if (sizes[0] > MaxBatch)
        {
            return Refuse(
                $"The network's input '{UntrustedName.Sanitize(input.Name)}' fixes a batch of {sizes[0]} images, at most {MaxBatch} are "
                + $"taken: export it with a free batch.");
        }

        var isAssumed = height == 0 || width == 0;
        (height, width) = (height == 0 ? DefaultSide : height, width == 0 ? DefaultSide : width);
        return new GraphInput(input.Name, new((int)height, (int)width, (int)channels), isLast, isBytes, (int)sizes[0])
        {
            IsSizeAssumed = isAssumed,
        };
    }

    /// <summary>Whether the file leaves the image's size open.</summary>
    public bool IsSizeAssumed { get; init; }

    /// <summary>The image as a value of the network.</summary>
    public LayerValue Value =>
        new(NetworkSpec.InputName, Image.Shape, IsChannelsLast ? ValueOrder.ChannelsLast : ValueOrder.ChannelsFirst) { Batch = Batch };

    /// <summary>The number of images that sizes computed in the graph are computed for.</summary>
    public int Batch => Math.Max(1, FixedBatch);

    private static Problem Refuse(string detail) => Problem.Unprocessable("onnx.unsupported", detail);
}
