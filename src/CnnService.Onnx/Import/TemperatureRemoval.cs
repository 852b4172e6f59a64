using System.Globalization;
using CnnService.Onnx.Export;
using CnnService.Onnx.Format;

namespace CnnService.Onnx.Import;

/// <summary>
/// Takes the temperature out of a file that this service exported: the layers end in logits, and a version is calibrated anew on images.
/// </summary>
internal static class TemperatureRemoval
{
    /// <param name="model">Changed in place; left as it is where it has no temperature.</param>
    /// <param name="notes">Receives a note where one was taken out.</param>
    /// <returns>The model.</returns>
    public static ModelProto Apply(ModelProto model, ICollection<string> notes)
    {
        var graph = model.Graph;
        var end = graph.Node.FirstOrDefault(node => node.Output.Contains(OnnxExporter.Probabilities));
        var scale = end is { OpType: "Softmax" or "Sigmoid", Input.Count: 1 }
            ? graph.Node.FirstOrDefault(node => node.OpType == "Div" && node.Output.Contains(end.Input[0]))
            : null;
        if (scale is not { Input: [var logits, var divisor] } || !divisor.EndsWith(OnnxExporter.TemperatureSuffix, StringComparison.Ordinal)
            || graph.Initializer.FirstOrDefault(tensor => tensor.Name == divisor) is not { } temperature)
        {
            return model;
        }

        end!.Input[0] = logits;
        graph.Node.Remove(scale);
        graph.Initializer.Remove(temperature);
        var value = TensorReading.Read(temperature) is { Succeeded: true, Value.Floats: [var number, ..] }
            ? number.ToString("F2", CultureInfo.InvariantCulture)
            : "?";
        notes.Add($"The file was calibrated with temperature {value}, which was left out: the probabilities are those of the logits.");
        return model;
    }
}
