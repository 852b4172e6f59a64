using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Onnx.Export;
using CnnService.Onnx.Format;
using CnnService.Onnx.Serving;
using Google.Protobuf;

namespace CnnService.Onnx.Import;

/// <summary>
/// An imported file whose graph is kept, with input and outputs renamed as in an export: OnnxRuntime can serve it, and a translation into
/// layers can be compared with it.
/// </summary>
/// <param name="File">The ONNX file.</param>
/// <param name="Outputs">Number of output values per image.</param>
/// <param name="ProbabilitiesGiven">Whether the graph ends in softmax or its outputs sum to one.</param>
internal sealed record ServedGraph(byte[] File, int Outputs, bool ProbabilitiesGiven)
{
    private const string Scope = "cnnservice";
    private const long MaxMemoryGrowth = 512L << 20;

    /// <summary>Builds the file and runs it once as a trial. Problems: <c>onnx.unreadable</c>, <c>onnx.too-large</c>.</summary>
    /// <param name="model">The imported file; not modified.</param>
    /// <param name="input">The image input.</param>
    /// <param name="output">The output to serve.</param>
    public static Outcome<ServedGraph> Create(ModelProto model, GraphInput input, string output)
    {
        var bare = model.Clone();
        var graph = bare.Graph;
        Rename(graph, OnnxExporter.Logits);
        Rename(graph, OnnxExporter.Probabilities);
        output = output is OnnxExporter.Logits or OnnxExporter.Probabilities ? ScopedName(output) : output;
        SetInput(graph, input);
        graph.ValueInfo.Clear();
        var (raw, kind) = FindHead(graph, output);
        Finish(graph, raw, null);
        return Run(bare, input).Bind(values =>
        {
            var areProbabilities = kind is null && values.Length > 1 && values.All(value => value is >= 0 and <= 1)
                && Math.Abs(values.Sum() - 1) < 1e-3;
            var isStripped = kind is "Softmax" or "LogSoftmax" || (kind == "Sigmoid" && values.Length == 1);
            graph.Output.Clear();
            RemoveEnd(graph);
            Finish(graph, kind is not null && !isStripped ? output : raw,
                areProbabilities ? "Log" : values.Length == 1 ? "Sigmoid" : "Softmax");
            return (Outcome<ServedGraph>)new ServedGraph(bare.ToByteArray(), values.Length, isStripped || areProbabilities);
        });
    }

    private static Outcome<float[]> Run(ModelProto model, GraphInput input)
    {
        var file = model.ToByteArray();
        var before = Environment.WorkingSet;
        return OnnxNetwork.Open(file, Preprocessing.Create(NormalizationKind.Rescale, input.Image.Channels, [], []), threads: 1)
            .MapProblem(refused => Problem.Unprocessable("onnx.unreadable", refused.Detail))
            .Bind(opened =>
            {
                using var network = opened;
                return RunGrey(network).Check(_ => Environment.WorkingSet - before > MaxMemoryGrowth + (4L * file.Length)
                    ? Problem.Unprocessable("onnx.too-large",
                        $"The network takes more than {MaxMemoryGrowth >> 20} MiB of memory for one image.")
                    : null);
            });
    }

    private static Outcome<float[]> RunGrey(OnnxNetwork network)
    {
        var image = new byte[network.BytesPerImage];
        Array.Fill(image, (byte)128);
        try
        {
            return network.Run([image], OnnxExporter.Logits, out _);
        }
        catch (Microsoft.ML.OnnxRuntime.OnnxRuntimeException failure)
        {
            return Problem.Unprocessable("onnx.unreadable", $"OnnxRuntime cannot run the network: {failure.Message}");
        }
    }

    private static void SetInput(GraphProto graph, GraphInput input)
    {
        graph.Input.Clear();
        var image = input.Image;
        if (input is { IsChannelsLast: true, IsBytes: false })
        {
            var name = $"{Scope}/image";
            graph.Input.Add(GraphBuilder.Value(name, image.Shape));
            var turn = new NodeProto { OpType = "Transpose", Name = $"{Scope}/turn" };
            turn.Input.Add(name);
            turn.Output.Add(input.Name);
            turn.Attribute.Add(Attributes.Numbers("perm", 0, 2, 3, 1));
            graph.Node.Insert(0, turn);
        }
        else
        {
            graph.Input.Add(input.IsBytes ? GraphBuilder.ByteValue(input.Name, image) : GraphBuilder.Value(input.Name, image.Shape));
        }

        if (input.HasFixedBatch)
        {
            graph.Input[0].Type.TensorType.Shape.Dim[0] = new() { DimValue = 1 };
        }
    }

    /// <summary>The value before a final softmax or sigmoid, and the name of that function, null if there is none.</summary>
    private static (string Value, string? Kind) FindHead(GraphProto graph, string output)
    {
        var node = graph.Node.FirstOrDefault(node => node.Output.Contains(output));
        while (node is { OpType: "Identity" or "Flatten" or "Reshape" or "Squeeze" })
        {
            var before = node.Input[0];
            node = graph.Node.FirstOrDefault(node => node.Output.Contains(before));
        }

        return node is { OpType: "Softmax" or "LogSoftmax" or "Sigmoid" } ? (node.Input[0], node.OpType) : (output, null);
    }

    private static void Finish(GraphProto graph, string value, string? function)
    {
        var flat = function == "Log" ? OnnxExporter.Probabilities : OnnxExporter.Logits;
        graph.Node.Add(Node("Flatten", value, flat));
        if (function is not null)
        {
            graph.Node.Add(function == "Log" ? Node("Log", flat, OnnxExporter.Logits) : Node(function, flat, OnnxExporter.Probabilities));
            graph.Output.Add(FloatOutput(OnnxExporter.Probabilities));
        }

        if (function is null)
        {
            graph.Output.Clear();
        }

        graph.Output.Add(FloatOutput(OnnxExporter.Logits));
    }

    private static void RemoveEnd(GraphProto graph) => graph.Node.RemoveAt(graph.Node.Count - 1);

    private static NodeProto Node(string operation, string from, string to)
    {
        var node = new NodeProto { OpType = operation, Name = $"{Scope}/{to}" };
        node.Input.Add(from);
        node.Output.Add(to);
        return node;
    }

    private static ValueInfoProto FloatOutput(string name) => new()
    {
        Name = name,
        Type = new() { TensorType = new() { ElemType = OnnxTypes.Float } },
    };

    private static string ScopedName(string name) => $"{Scope}/own/{name}";

    private static void Rename(GraphProto graph, string name)
    {
        foreach (var tensor in graph.Initializer.Where(tensor => tensor.Name == name))
        {
            tensor.Name = ScopedName(name);
        }

        foreach (var names in graph.Node.SelectMany(node => new[] { node.Input, node.Output }))
        {
            for (var i = 0; i < names.Count; i++)
            {
                names[i] = names[i] == name ? ScopedName(name) : names[i];
            }
        }
    }
}
