using CnnService.Onnx.Export;
using CnnService.Onnx.Format;

namespace CnnService.Onnx.Import;

/// <summary>The input of an imported graph as it is served: planes <c>[N,C,H,W]</c> or bytes <c>[N,H,W,C]</c>.</summary>
internal static class ServedInput
{
    /// <summary>The first version of the format in which an initializer need not be an input.</summary>
    private const int InitializersAreNoInputs = 4;

    /// <summary>Prefix of everything that is added to a graph.</summary>
    public const string Scope = "cnnservice";

    /// <summary>Declares the input of a graph anew; one with its channels last is turned first.</summary>
    /// <param name="graph">Modified.</param>
    /// <param name="input">The image input.</param>
    /// <param name="batch">Number of images; 0: any.</param>
    public static void Declare(GraphProto graph, GraphInput input, int batch)
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

        if (batch > 0)
        {
            graph.Input[0].Type.TensorType.Shape.Dim[0] = new() { DimValue = batch };
        }
    }

    /// <summary>
    /// Repeats one image over the batch that a file fixes: each image is then computed by itself, never beside another caller's.
    /// </summary>
    /// <param name="graph">Its input is declared; modified.</param>
    /// <param name="batch">The number of images that the file fixes.</param>
    public static void Repeat(GraphProto graph, int batch)
    {
        var declared = graph.Input[0];
        var wanted = declared.Name;
        declared.Name = $"{Scope}/single";
        declared.Type.TensorType.Shape.Dim[0] = new() { DimValue = 1 };
        var node = new NodeProto { OpType = "Concat", Name = $"{Scope}/repeat" };
        node.Input.AddRange(Enumerable.Repeat(declared.Name, batch));
        node.Output.Add(wanted);
        node.Attribute.Add(Attributes.Number("axis", 0L));
        graph.Node.Insert(0, node);
    }

    /// <summary>The versions of the format in which the graph, changed as here, is well formed and widely read.</summary>
    public static void SetVersion(ModelProto model)
    {
        model.IrVersion = Math.Clamp(model.IrVersion, InitializersAreNoInputs, OnnxTypes.IrVersion);
        model.Graph.Name = model.Graph.Name.Length > 0 ? model.Graph.Name : "network";
    }
}
