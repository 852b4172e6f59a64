using CnnService.Core.Common;
using CnnService.Onnx.Export;
using CnnService.Onnx.Format;
using Google.Protobuf;

namespace CnnService.Engine.Tests.Onnx.Import;

/// <summary>Files that lie, and files that ask for what is not given: each is refused with a problem, at once.</summary>
public sealed class HostileOnnxTests
{
    private static readonly Dictionary<string, (string Code, Action<ModelProto> Spoil)> Lies = new()
    {
        ["weights in another file"] = ("onnx.external-data",
            model => model.Graph.Initializer[0].DataLocation = TensorProto.Types.DataLocation.External),
        ["a path beside the weights"] = ("onnx.external-data",
            model => model.Graph.Initializer[0].ExternalData.Add(new StringStringEntryProto
            {
                Key = "location",
                Value = "../../etc/passwd",
            })),
        ["a path inside a constant"] = ("onnx.external-data",
            model => AddConstant(model, new TensorProto { DataLocation = TensorProto.Types.DataLocation.External })),
        ["more values than there are"] = ("onnx.unsupported", model => model.Graph.Initializer[0].Dims[0] = 1 << 20),
        ["dimensions beyond counting"] = ("onnx.too-large", model => model.Graph.Initializer[0].Dims.Add([1L << 40, 1L << 40])),
        ["a negative dimension"] = ("onnx.too-large", model => model.Graph.Initializer[0].Dims[0] = -4),
        ["nine dimensions"] = ("onnx.too-large", model => model.Graph.Initializer[0].Dims.Add([1, 1, 1, 1, 1])),
        ["an operator set of the past"] = ("onnx.unsupported", model => model.OpsetImport[0].Version = 6),
        ["an operator set to come"] = ("onnx.unsupported", model => model.OpsetImport[0].Version = 99),
        ["a foreign operator"] = ("onnx.unsupported", model => model.Graph.Node[0].Domain = "com.example"),
        ["a function that calls itself"] = ("onnx.too-large", model => AddCircle(model)),
        ["functions that double, twenty times"] = ("onnx.too-large", model => AddDoubling(model, 20)),
        ["a function with the operators of another year"] = ("onnx.unsupported", model =>
        {
            var function = Called(model, "f", "Relu", "");
            function.OpsetImport.Add(new OperatorSetIdProto { Version = 11 });
        }
        ),
        ["a function called with too much"] = ("onnx.unreadable", model =>
        {
            Called(model, "f", "Relu", "");
            model.Graph.Node[^1].Input.Add(model.Graph.Node[^1].Input[0]);
        }
        ),
        ["a function whose input is named twice"] = ("onnx.unreadable", model => Called(model, "f", "Relu", "").Input.Add("x")),
        ["a function with a branch"] = ("onnx.unsupported", model => Called(model, "f", "If", "").Node[0].Attribute.Add(new AttributeProto
        {
            Name = "then_branch",
            G = new GraphProto(),
        })),
        ["a normalization that is asked for its batch"] = ("onnx.unsupported", AskForStatistics),
        ["a branch"] = ("onnx.unsupported", model => model.Graph.Node[0].Attribute.Add(new AttributeProto
        {
            Name = "then_branch",
            G = new GraphProto(),
        })),
        ["a sparse tensor"] = ("onnx.unsupported", model => model.Graph.SparseInitializer.Add(new SparseTensorProto())),
        ["a circle"] = ("onnx.unreadable", model => model.Graph.Node[0].Input[0] = model.Graph.Node[^1].Output[0]),
        ["a value given twice"] = ("onnx.unreadable", model => model.Graph.Node[1].Output[0] = model.Graph.Node[0].Output[0]),
        ["an output of nothing"] = ("onnx.unreadable", model => model.Graph.Output[0].Name = "lost"),
        ["no outputs"] = ("onnx.unreadable", model => model.Graph.Output.Clear()),
        ["no nodes"] = ("onnx.unreadable", model => model.Graph.Node.Clear()),
        ["two images"] = ("onnx.unsupported", model => model.Graph.Input.Add(new ValueInfoProto(model.Graph.Input[0]) { Name = "other" })),
        ["five channels"] = ("onnx.unsupported", model => model.Graph.Input[0].Type.TensorType.Shape.Dim[1].DimValue = 5),
        ["an image of a million rows"] = ("onnx.unsupported",
            model => model.Graph.Input[0].Type.TensorType.Shape.Dim[2].DimValue = 1_000_000),
        ["weights for other channels"] = ("onnx.unreadable", model => model.Graph.Input[0].Type.TensorType.Shape.Dim[1].DimValue = 1),
    };

    public static TheoryData<string> Names => [.. Lies.Keys.Where(name => name != "more values than there are")];

    [Theory]
    [MemberData(nameof(Names))]
    public void Lie_IsAProblem(string name)
    {
        var model = Sound();
        Lies[name].Spoil(model);

        Assert.Equal(Lies[name].Code, Translating.Translate(model).Problem?.Code);
    }

    [Fact]
    public void MoreValuesThanThereAre_IsAProblem()
    {
        var model = Sound();
        Lies["more values than there are"].Spoil(model);

        Assert.False(Translating.Translate(model).Succeeded);
    }

    [Fact]
    public void Sound_File_IsTaken() => Assert.True(Translating.Translate(Sound()).Succeeded);

    [Fact]
    public void EveryCutFile_IsAProblem()
    {
        var file = Sound().ToByteArray();
        for (var length = 0; length < file.Length; length += Math.Max(1, file.Length / 97))
        {
            var outcome = Translating.Translate(file[..length]);

            Assert.True(outcome.Problem is { Kind: ProblemKind.Unprocessable }, $"{length} bytes: {outcome.Problem}");
        }
    }

    [Fact]
    public void DeepNesting_IsAProblem()
    {
        var graph = new GraphProto();
        for (var depth = 0; depth < 100; depth++)
        {
            var node = new NodeProto { OpType = "If" };
            node.Attribute.Add(new AttributeProto { G = graph });
            graph = new GraphProto();
            graph.Node.Add(node);
        }

        Assert.Equal("onnx.unreadable", Translating.Translate(new ModelProto { Graph = graph }).Problem!.Code);
    }

    /// <summary>A few bytes of dimensions ask for half a gibibyte, twice.</summary>
    [Fact]
    public void SmallFileThatAsksForMuchMemory_IsRefused()
    {
        var graph = new Handmade();
        var made = graph.Node("ConstantOfShape", [graph.Integers(1, 4, 1 << 13, 1 << 12)]);
        var conv = graph.Convolution(graph.Input(3, 8, 8), 3, 4);
        var model = graph.Model(graph.Node("GlobalAveragePool", [graph.Node("Mul", [made, graph.Node("GlobalMaxPool", [conv])])]));

        Assert.Equal("onnx.too-large", Translating.Translate(model).Problem!.Code);
    }

    /// <summary>Moves the last node into a function, and calls it.</summary>
    private static FunctionProto Called(ModelProto model, string name, string operation, string domain)
    {
        var function = new FunctionProto { Name = name, Domain = "own" };
        function.Input.Add("x");
        function.Output.Add("y");
        var inner = new NodeProto { OpType = operation, Domain = domain };
        inner.Input.Add("x");
        inner.Output.Add("y");
        function.Node.Add(inner);
        model.Functions.Add(function);
        (model.Graph.Node[^1].Domain, model.Graph.Node[^1].OpType) = ("own", name);
        return function;
    }

    private static void AddCircle(ModelProto model) => Called(model, "f", "f", "own");

    /// <summary>Each function calls the next one twice: a few hundred bytes that stand for a million nodes.</summary>
    private static void AddDoubling(ModelProto model, int times)
    {
        for (var i = 0; i < times; i++)
        {
            var function = Called(model, $"f{i}", i == 0 ? "Relu" : $"f{i - 1}", i == 0 ? "" : "own");
            var second = function.Node[0].Clone();
            function.Node[0].Output[0] = "between";
            second.Input[0] = "between";
            function.Node.Add(second);
        }
    }

    private static void AskForStatistics(ModelProto model)
    {
        var graph = new Handmade();
        var conv = graph.Convolution(graph.Input(3, 8, 8), 3, 4);
        var normal = graph.Node("BatchNormalization",
            [conv, graph.Weights(4), graph.Weights(4), graph.Weights(4), graph.Floats([1, 1, 1, 1], 4)],
            Attributes.Number("training_mode", 1L));
        var taken = graph.Node("Add", [normal, "mean"]);
        var made = graph.Model(graph.Node("GlobalAveragePool", [taken]));
        made.Graph.Node.First(node => node.OpType == "BatchNormalization").Output.Add(["mean", "variance"]);
        model.Graph = made.Graph;
    }

    private static void AddConstant(ModelProto model, TensorProto tensor)
    {
        var node = new NodeProto { OpType = "Constant" };
        node.Output.Add("constant");
        node.Attribute.Add(new AttributeProto { Name = "value", Type = AttributeProto.Types.AttributeType.Tensor, T = tensor });
        model.Graph.Node.Add(node);
    }

    private static ModelProto Sound()
    {
        var graph = new Handmade();
        return graph.Model(
            graph.Node("Flatten",
                [graph.Node("Relu", [graph.Convolution(graph.Input(3, 8, 8), 3, 4, 3, Attributes.Numbers("strides", 2, 2))])]));
    }
}
