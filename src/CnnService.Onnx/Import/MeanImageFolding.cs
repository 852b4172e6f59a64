using CnnService.Core.Models;
using CnnService.Onnx.Format;

namespace CnnService.Onnx.Import;

/// <summary>
/// Takes out a mean image that a file subtracts from its input, as MATLAB and CNTK write it: it is part of what the images go through
/// before the network.
/// </summary>
internal static class MeanImageFolding
{
    /// <summary>The mean image; null where the file subtracts none.</summary>
    /// <param name="graph">The subtraction is taken out.</param>
    /// <param name="input">The image input.</param>
    /// <param name="notes">Receives what was done.</param>
    public static MeanImage? Fold(GraphProto graph, GraphInput input, ICollection<string> notes)
    {
        var users = graph.Node.Where(node => node.Input.Contains(input.Name)).ToArray();
        if (users is not [{ OpType: "Sub", Input: [var image, var mean] } node]
            || image != input.Name || input.IsBytes || graph.Output.Any(output => node.Output.Contains(output.Name) || output.Name == image)
            || Planes(graph, mean, input) is not { } planes)
        {
            return null;
        }

        graph.Node.Remove(node);
        foreach (var names in graph.Node.Select(other => other.Input))
        {
            for (var i = 0; i < names.Count; i++)
            {
                names[i] = names[i] == node.Output[0] ? input.Name : names[i];
            }
        }

        notes.Add("The file subtracts a mean image from its input: it became part of the preprocessing.");
        return MeanImage.Create(planes, input.Image.Height, input.Image.Width);
    }

    /// <summary>The constant as planes; null where it is none of the image's size, or the same for all pixels of a channel.</summary>
    private static float[]? Planes(GraphProto graph, string name, GraphInput input)
    {
        var (height, width, channels) = input.Image;
        var tensor = graph.Initializer.LastOrDefault(tensor => tensor.Name == name)
            ?? graph.Node.FirstOrDefault(node => node.OpType == "Constant" && node.Output.Contains(name))?.Attribute
                .FirstOrDefault(attribute => attribute.Name == "value")?.T;
        if (tensor is null || TensorReading.ReadSmall(tensor, input.Image.Shape.Elements) is not { Floats: { } values } constant)
        {
            return null;
        }

        long[] wanted = input.IsChannelsLast ? [height, width, channels] : [channels, height, width];
        var dims = constant.Dims.SkipWhile((size, i) => size == 1 && i < constant.Dims.Count - wanted.Length);
        return height * width > 1 && dims.SequenceEqual(wanted) && Array.TrueForAll(values, float.IsFinite)
            ? input.IsChannelsLast ? ToPlanes(values, channels) : values
            : null;
    }

    private static float[] ToPlanes(float[] values, int channels)
    {
        var (planes, area) = (new float[values.Length], values.Length / channels);
        for (var i = 0; i < values.Length; i++)
        {
            planes[(i % channels * area) + (i / channels)] = values[i];
        }

        return planes;
    }
}
