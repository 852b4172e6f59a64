using System.Text.Json;
using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Onnx.Format;
using Google.Protobuf;

namespace CnnService.Onnx.Export;

/// <inheritdoc cref="IModelExporter"/>
public sealed class OnnxExporter : IModelExporter
{
    /// <summary>First output: softmax or sigmoid of the logits, divided by the temperature where there is one.</summary>
    public const string Probabilities = "probabilities";

    /// <summary>
    /// Second output: the values before softmax or sigmoid. A network without classes has neither output, but that of its last layer.
    /// </summary>
    public const string Logits = "logits";

    /// <summary>Third output of files that tell it: how familiar the image is, 0–1.</summary>
    public const string Familiarity = FamiliarityHead.Output;

    /// <summary>End of the name of the tensor with the temperature.</summary>
    internal const string TemperatureSuffix = "/temperature";

    /// <summary>Key of the class names in the file's metadata: a JSON array in output order.</summary>
    public const string ClassesKey = "cnnservice.classes";

    /// <summary>
    /// The name of a layer's value in the file: the layer's name unless it collides with an output of the file or a tensor of another
    /// layer. Layer names contain no slash, so the alternative is unique.
    /// </summary>
    internal static string ValueOf(string layer) =>
        layer is Probabilities or Logits or Familiarity
        || LayerNodes.TensorSuffixes.Any(suffix => layer.EndsWith(suffix, StringComparison.Ordinal))
            ? $"{layer}/value"
            : layer;

    public byte[] Export(
        ResolvedNetwork network, NamedWeights weights, IReadOnlyList<string> classes, Preprocessing preprocessing,
        ExportVariant? variant = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(preprocessing);
        variant ??= new();
        if (variant.FoldBatchNormalization)
        {
            (network, weights) = BatchNormalizationFolding.Fold(network, weights);
        }

        var model = new ModelProto
        {
            IrVersion = OnnxTypes.IrVersion,
            ProducerName = "CnnService",
            ProducerVersion = typeof(OnnxExporter).Assembly.GetName().Version!.ToString(3),
            Graph = Build(network, weights, preprocessing, variant),
        };
        NameNodes(model.Graph, variant.NodeNames);
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = string.Empty, Version = OnnxTypes.OperatorSet });
        model.MetadataProps.Add(new StringStringEntryProto
        {
            Key = ClassesKey,
            Value = JsonSerializer.Serialize(classes, CoreJson.Options),
        });
        model.MetadataProps.Add(new StringStringEntryProto
        {
            Key = Preprocessing.MetadataKey,
            Value = preprocessing.ToMetadata(),
        });
        return model.ToByteArray();
    }

    /// <summary>
    /// Gives the nodes of a layer (including <c>{layer}/activation</c> and the like) the name the layer had in its original file.
    /// </summary>
    private static void NameNodes(GraphProto graph, IReadOnlyDictionary<string, string> names)
    {
        foreach (var node in graph.Node)
        {
            var end = node.Name.IndexOf('/', StringComparison.Ordinal);
            var layer = end < 0 ? node.Name : node.Name[..end];
            if (names.TryGetValue(layer, out var original))
            {
                node.Name = original + node.Name[layer.Length..];
            }
        }
    }

    private static GraphProto Build(ResolvedNetwork network, NamedWeights weights, Preprocessing preprocessing, ExportVariant variant)
    {
        var graph = new GraphBuilder("network");
        var input = NetworkSpec.InputName;
        if (variant.IncludePreprocessing)
        {
            input = PreprocessingNodes.Add(graph, network.Spec.Input, preprocessing);
        }
        else
        {
            graph.Input(input, network.Spec.Input.Shape);
        }

        var nodes = new LayerNodes(graph, weights, variant.HalfWeights);
        foreach (var layer in network.Layers)
        {
            var inputs = layer.Inputs.Select(name => name == NetworkSpec.InputName ? input : ValueOf(name));
            nodes.Add(layer, network.FunctionOf(layer), [.. inputs], ValueOf(layer.Name));
        }

        var last = ValueOf(network.Output.Name);
        if (!network.HasClasses)
        {
            graph.Output(last, network.Output.OutputShape);
            return graph.Graph;
        }

        graph.Node("Identity", $"{last}/{Logits}", Logits, [last]);
        var scores = Scale(graph, last, variant.Temperature);
        if (network.IsSigmoid || network.IsMultiLabel)
        {
            graph.Node("Sigmoid", $"{last}/{Probabilities}", Probabilities, [scores]);
        }
        else
        {
            graph.Node("Softmax", $"{last}/{Probabilities}", Probabilities, [scores], Attributes.Number("axis", 1L));
        }

        graph.Output(Probabilities, network.Output.OutputShape);
        graph.Output(Logits, network.Output.OutputShape);
        if (variant.Familiarity is { } familiarity && network.Find(familiarity.Layer) is { } features)
        {
            FamiliarityNodes.Add(graph, familiarity, ValueOf(features.Name), features.OutputShape, Familiarity);
        }

        return graph.Graph;
    }

    /// <summary>The logits divided by the temperature; layer names contain no slash, so the names are unique.</summary>
    private static string Scale(GraphBuilder graph, string logits, double temperature) => temperature == 1
        ? logits
        : graph.Node(
            "Div", $"{logits}/scale", $"{logits}/scaled",
            [logits, graph.Weights($"{logits}{TemperatureSuffix}", [(float)temperature], 1)]);
}
