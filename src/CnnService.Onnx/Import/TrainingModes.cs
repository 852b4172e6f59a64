using CnnService.Core.Common;
using CnnService.Onnx.Format;

namespace CnnService.Onnx.Import;

/// <summary>
/// Takes the training out of a file that was exported in training mode: batch normalizations then use the statistics stored with them,
/// and not those of whatever images share a batch; dropout passes everything on.
/// </summary>
internal static class TrainingModes
{
    /// <summary>Newer operator sets name the mode in an attribute; older ones by the number of outputs.</summary>
    private const int ModeByAttribute = 14;

    /// <summary>Problem: <c>onnx.unsupported</c> where the file uses the statistics of the batch itself.</summary>
    /// <param name="graph">Modified.</param>
    /// <param name="operatorSet">The version of the standard's operators.</param>
    /// <param name="notes">Receives a note if something was changed.</param>
    public static Problem? Remove(GraphProto graph, long operatorSet, ICollection<string> notes)
    {
        var used = graph.Node.SelectMany(node => node.Input).Concat(graph.Output.Select(output => output.Name))
            .ToHashSet(StringComparer.Ordinal);
        var training = graph.Node.Where(node => node.OpType == "BatchNormalization" && IsTraining(node, operatorSet)).ToArray();
        if (Array.Find(training, node => node.Output.Skip(1).Any(used.Contains)) is { } bound)
        {
            return OnnxFile.Unsupported(
                $"The batch normalization '{UntrustedName.Sanitize(OnnxFile.NameOf(bound))}' is in training mode, and what it finds in a "
                + $"batch is used: an image's answer would depend on the others in its batch. Export the network in evaluation mode.");
        }

        Array.ForEach(training, StopTraining);
        foreach (var node in graph.Node.Where(node => node.OpType == "Dropout"))
        {
            StopDropping(node, used);
        }

        if (training.Length > 0)
        {
            notes.Add(
                $"The file was exported in training mode: {training.Length} batch normalizations would have normalized an image by what "
                + $"else is in its batch. The statistics stored with them are used instead, as an export in evaluation mode does.");
        }

        return null;
    }

    private static bool IsTraining(NodeProto node, long operatorSet) => operatorSet < ModeByAttribute
        ? node.Output.Skip(1).Any(output => output.Length > 0)
        : node.Attribute.Any(attribute => attribute is { Name: "training_mode", I: not 0 });

    private static void StopTraining(NodeProto node)
    {
        if (node.Attribute.FirstOrDefault(attribute => attribute.Name == "training_mode") is { } mode)
        {
            node.Attribute.Remove(mode);
        }

        KeepFirstOutput(node);
    }

    private static void StopDropping(NodeProto node, HashSet<string> used)
    {
        while (node.Input.Count > 2)
        {
            node.Input.RemoveAt(2);
        }

        if (node.Output.Skip(1).All(output => output.Length == 0 || !used.Contains(output)))
        {
            KeepFirstOutput(node);
        }
    }

    private static void KeepFirstOutput(NodeProto node)
    {
        while (node.Output.Count > 1)
        {
            node.Output.RemoveAt(node.Output.Count - 1);
        }
    }
}
