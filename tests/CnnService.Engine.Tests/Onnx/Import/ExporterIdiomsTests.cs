using System.Runtime.InteropServices;
using CnnService.Core.Architecture;
using CnnService.Core.Models;
using CnnService.Onnx.Export;
using CnnService.Onnx.Format;
using CnnService.Onnx.Serving;
using Google.Protobuf;

namespace CnnService.Engine.Tests.Onnx.Import;

/// <summary>How today's exporters write what older ones wrote otherwise: each becomes layers that give what the file gives.</summary>
public sealed class ExporterIdiomsTests
{
    private const double Tolerance = 1e-4;

    private static readonly Dictionary<string, Func<ModelProto>> Files = new()
    {
        ["a view that would allow zeros"] = () => Classifier(graph => graph.Node("Reshape",
            [graph.Convolution(graph.Input(3, 5, 5), 3, 2), graph.Integers(1, 18)], Attributes.Number("allowzero", 1L)), 18),
        ["a shape put together"] = () => Classifier(ComputedShape, 18),
        ["squeezed twice"] = () => Classifier(graph => graph.Node("Squeeze",
            [graph.Node("Squeeze", [graph.Node("GlobalAveragePool", [graph.Convolution(graph.Input(3, 9, 8), 3, 6)]), graph.Integers(3)]),
                graph.Integers(-1)]), 6),
        ["flattened, then averaged"] = () => Classifier(graph => graph.Node("ReduceMean",
            [graph.Node("Reshape", [graph.Convolution(graph.Input(3, 9, 8), 3, 6), graph.Integers(0, 6, -1)]), graph.Integers(-1)],
            Attributes.Number("keepdims", 0L)), 6),
        ["a view between functions"] = () => Classifier(graph => graph.Node("Reshape",
            [graph.Node("Relu", [graph.Node("Reshape", [graph.Convolution(graph.Input(3, 5, 5), 3, 2), graph.Integers(1, 2, 9)])]),
                graph.Integers(1, -1)]), 18),
        ["a gate repeated over the map"] = () => Classifier(Expanded, 4),
        ["gelu of the new exporter"] = () => Pooled(Gelu),
        ["mish in parts"] = () => Pooled(graph =>
        {
            var conv = graph.Convolution(graph.Input(3, 9, 8), 3, 4);
            return graph.Node("Mul", [conv, graph.Node("Tanh", [graph.Node("Softplus", [conv])])]);
        }),
        ["selu"] = () => Pooled(graph => graph.Node("Selu", [graph.Convolution(graph.Input(3, 9, 8), 3, 4)])),
        ["a transpose written as a reshape"] = () => Pooled(graph => graph.Convolution(
            graph.Node("Reshape", [graph.Input(9, 8, 1), graph.Integers(-1, 1, 9, 8)]), 1, 4)),
        ["a kernel as large as the map"] = () => Classifier(graph => graph.Node("Flatten",
            [graph.Node("Relu",
                [graph.Node("Conv", [graph.Input(1, 70, 66), graph.Weights(5, 1, 70, 66), graph.Weights(5)])])]), 5),
        ["nodes in any order"] = Unsorted,
        ["functions in functions"] = WithFunctions,
        ["sixteen bits"] = Half,
        ["an image scaled first"] = () => Pooled(graph => graph.Convolution(
            graph.Node("Resize", [graph.Input(3, 20, 16), "", graph.Floats([1, 1, 0.5f, 0.5f], 4)]), 3, 4)),
        ["an image scaled to a size, channels last"] = () => Pooled(graph => graph.Convolution(graph.Node("Resize",
            [graph.Node("Transpose", [graph.Input(20, 16, 3)], Attributes.Numbers("perm", 0, 3, 1, 2)), "", "",
                graph.Integers(1, 3, 12, 10)]), 3, 4)),
        ["names with colons"] = () => Renamed(name => $"StatefulPartitionedCall/net/{name}:0"),
    };

    public static TheoryData<string> Names => [.. Files.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Translate_GivesWhatTheFileGives(string name)
    {
        var translated = Translating.Translate(Files[name]());

        Assert.True(translated.Succeeded, translated.Problem?.ToString());
        Assert.True(translated.Value.Unsupported.Count == 0, string.Join("; ", translated.Value.Unsupported));
        Assert.InRange(Translating.Difference(translated.Value), 0, Tolerance);
    }

    [Fact]
    public void Functions_AreWrittenOut_UnderTheNamesOfTheirCalls()
    {
        var translated = Translating.Translate(WithFunctions()).Value;

        Assert.Contains(translated.Network.Layers,
            layer => layer.Spec is ActivationLayer { Activation: ActivationKind.LeakyRelu, Slope: 0.25 });
        Assert.Contains("block.act.inner", translated.Network.Layers.Select(layer => layer.Name));
    }

    [Fact]
    public void Image_ThatTheFileScales_IsBroughtToThatSizeAtOnce()
    {
        var notes = new List<string>();
        var translated = Translating.Translate(Files["an image scaled first"]().ToByteArray(), null, notes).Value;

        Assert.Equal(new InputSpec(10, 8, 3), translated.Network.Spec.Input);
        Assert.Contains(notes, note => note.StartsWith("The file scales its images of 20x16 to 10x8", StringComparison.Ordinal));
    }

    [Fact]
    public void FixedBatch_IsFreed_WhereEachImageIsComputedAsByItself()
    {
        var notes = new List<string>();
        var translated = Translating.Translate(FixedBatch(1, 4).ToByteArray(), null, notes).Value;

        Assert.DoesNotContain(notes, note => note.Contains("one by one", StringComparison.Ordinal));
        AssertSameAlone(translated.Original!.Value.ToArray(), translated.Network.Spec.Input);
    }

    [Fact]
    public void FixedBatch_ThatCannotBeFreed_IsServedOneByOne_AndSaid()
    {
        var notes = new List<string>();
        var model = FixedBatch(2, 8);
        var translated = Translating.Translate(model.ToByteArray(), null, notes).Value;

        Assert.Contains(notes, note => note.StartsWith("The file fixes its batch at 2", StringComparison.Ordinal));
        AssertSameAlone(translated.Original!.Value.ToArray(), translated.Network.Spec.Input);
    }

    /// <summary>Three images at once give what each gives alone.</summary>
    private static void AssertSameAlone(byte[] file, InputSpec input)
    {
        var preprocessing = Preprocessing.Create(NormalizationKind.Rescale, input.Channels, [], []);
        using var network = OnnxNetwork.Open(file, preprocessing, threads: 1).Value;
        var images = Enumerable.Range(0, 3).Select(seed => (ReadOnlyMemory<byte>)Enumerable.Range(0, network.BytesPerImage)
            .Select(i => (byte)((i * (seed + 3) * 7) % 251)).ToArray()).ToArray();
        var together = network.Run(images, OnnxExporter.Probabilities, out _);
        var alone = images.SelectMany(image => network.Run([image], OnnxExporter.Probabilities, out _)).ToArray();
        Assert.Equal(alone.Length, together.Length);
        Assert.All(alone.Zip(together), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        Assert.NotEqual(alone[0], alone[alone.Length / 3]);
    }

    /// <param name="batch">Number of images that the file fixes.</param>
    /// <param name="first">First dimension of the view between: 4 keeps the images apart, 8 makes one list of two images.</param>
    private static ModelProto FixedBatch(int batch, int first)
    {
        var graph = new Handmade();
        var pooled = graph.Node("GlobalAveragePool", [graph.Convolution(graph.Input(3, 9, 8), 3, 4)]);
        var listed = first == 8 ? graph.Node("Reshape", [pooled, graph.Integers(8)]) : pooled;
        var flat = graph.Node("Reshape", [listed, graph.Integers(batch, 4)]);
        var model = graph.Model(graph.Node("Softmax", [graph.Node("MatMul", [flat, graph.Weights(4, 3)])]));
        model.Graph.Input[0].Type.TensorType.Shape.Dim[0] = new() { DimValue = batch };
        return model;
    }

    private static ModelProto Classifier(Func<Handmade, string> vector, int length)
    {
        var graph = new Handmade(18);
        var flat = vector(graph);
        return graph.Model(graph.Node("Gemm", [flat, graph.Weights(5, length), graph.Weights(5)], Attributes.Number("transB", 1L)));
    }

    private static ModelProto Pooled(Func<Handmade, string> map) =>
        Classifier(graph => graph.Node("Flatten", [graph.Node("GlobalAveragePool", [map(graph)])]), 4);

    private static string ComputedShape(Handmade graph)
    {
        var conv = graph.Convolution(graph.Input(3, 5, 5), 3, 2);
        var shape = graph.Node("Shape", [conv]);
        var batch = graph.Node("Slice", [shape, graph.Integers(0), graph.Integers(1), graph.Integers(0)]);
        var rest = graph.Node("ReduceProd", [graph.Node("Slice", [shape, graph.Integers(1), graph.Integers(4), graph.Integers(0)])]);
        var both = graph.Node("Concat", [batch, graph.Node("Cast", [rest], Attributes.Number("to", 7L))], Attributes.Number("axis", 0L));
        return graph.Node("Reshape", [conv, both]);
    }

    private static string Expanded(Handmade graph)
    {
        var conv = graph.Convolution(graph.Input(3, 9, 8), 3, 4);
        var gate = graph.Node("Sigmoid", [graph.Node("ReduceMean", [conv, graph.Integers(2, 3)])]);
        var wide = graph.Node("Expand", [gate, graph.Node("Shape", [conv])]);
        return graph.Node("Flatten", [graph.Node("GlobalMaxPool", [graph.Node("Mul", [conv, wide])])]);
    }

    /// <summary>x · (½ · (1 + erf(x/√2))).</summary>
    private static string Gelu(Handmade graph)
    {
        var conv = graph.Convolution(graph.Input(3, 9, 8), 3, 4);
        var erf = graph.Node("Erf", [graph.Node("Mul", [conv, graph.Number((float)Math.Sqrt(0.5))])]);
        var half = graph.Node("Mul", [graph.Number(0.5f), graph.Node("Add", [erf, graph.Number(1)])]);
        return graph.Node("Mul", [conv, half]);
    }

    private static ModelProto Plain()
    {
        var graph = new Handmade();
        return graph.Model(graph.Node("Softmax", [graph.Node("Gemm",
            [graph.Node("Flatten", [graph.Node("MaxPool", [graph.Node("Relu", [graph.Convolution(graph.Input(3, 8, 8), 3, 4)])],
                Attributes.Numbers("kernel_shape", 2, 2), Attributes.Numbers("strides", 2, 2))]),
                graph.Weights(36, 5), graph.Weights(5)])]));
    }

    private static ModelProto Unsorted()
    {
        var model = Plain();
        var nodes = model.Graph.Node.Reverse().ToArray();
        model.Graph.Node.Clear();
        model.Graph.Node.AddRange(nodes);
        return model;
    }

    private static ModelProto Renamed(Func<string, string> rename)
    {
        var model = Plain();
        var own = model.Graph.Node.SelectMany(node => node.Output).ToHashSet();
        foreach (var node in model.Graph.Node)
        {
            node.Name = rename(node.Name);
            foreach (var names in new[] { node.Input, node.Output })
            {
                for (var i = 0; i < names.Count; i++)
                {
                    names[i] = own.Contains(names[i]) ? rename(names[i]) : names[i];
                }
            }
        }

        model.Graph.Output[0].Name = rename(model.Graph.Output[0].Name);
        return model;
    }

    /// <summary>Weights, input and output in float16.</summary>
    private static ModelProto Half()
    {
        var model = Plain();
        foreach (var tensor in model.Graph.Initializer)
        {
            var halves = MemoryMarshal.Cast<byte, float>(tensor.RawData.Span).ToArray().Select(value => (Half)value).ToArray();
            (tensor.DataType, tensor.RawData) = (OnnxTypes.Float16, ByteString.CopyFrom(MemoryMarshal.AsBytes(halves.AsSpan())));
        }

        model.Graph.Input[0].Type.TensorType.ElemType = OnnxTypes.Float16;
        model.Graph.Output[0].Type.TensorType.ElemType = OnnxTypes.Float16;
        return model;
    }

    /// <summary>The activation in a function with an attribute, and that one in another with a default.</summary>
    private static ModelProto WithFunctions()
    {
        var model = Plain();
        model.Functions.Add(Function("LeakyTwice", "pkg.lib", "LeakyRelu", "", "slope", "alpha"));
        var outer = Function("Block", "pkg.torch", "LeakyTwice", "pkg.lib", "negative_slope", "slope");
        outer.AttributeProto.Add(Attributes.Number("negative_slope", 0.25f));
        outer.Attribute.Clear();
        model.Functions.Add(outer);
        foreach (var domain in new[] { "pkg.lib", "pkg.torch" })
        {
            model.OpsetImport.Add(new OperatorSetIdProto { Domain = domain, Version = 1 });
        }

        var relu = model.Graph.Node.First(node => node.OpType == "Relu");
        (relu.OpType, relu.Domain, relu.Name) = ("Block", "pkg.torch", "block");
        return model;
    }

    private static FunctionProto Function(string name, string domain, string operation, string of, string attribute, string inner)
    {
        var function = new FunctionProto { Name = name, Domain = domain };
        function.Input.Add("x");
        function.Output.Add("y");
        function.Attribute.Add(attribute);
        function.OpsetImport.Add(new OperatorSetIdProto { Version = 17 });
        var node = new NodeProto { OpType = operation, Domain = of, Name = name == "Block" ? "act" : "inner" };
        node.Input.Add("x");
        node.Output.Add("y");
        node.Attribute.Add(new AttributeProto
        {
            Name = inner,
            RefAttrName = attribute,
            Type = AttributeProto.Types.AttributeType.Float,
        });
        function.Node.Add(node);
        return function;
    }
}
