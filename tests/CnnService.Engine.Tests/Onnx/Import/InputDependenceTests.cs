using CnnService.Onnx.Export;
using CnnService.Onnx.Format;

namespace CnnService.Engine.Tests.Onnx.Import;

/// <summary>Graphs that pass a trial with one image, and end the process, or take all memory, with another.</summary>
public sealed class InputDependenceTests
{
    private static readonly AttributeProto ToInteger = Attributes.Number("to", (long)OnnxTypes.Int64);
    private static readonly AttributeProto ToFloat = Attributes.Number("to", (long)OnnxTypes.Float);

    private static readonly Dictionary<string, (string Operation, Func<Handmade, string> Map)> Traps = new()
    {
        // The processor faults at the smallest number divided by -1; OnnxRuntime looks for 0 alone.
        ["a remainder by -1"] = ("Mod", graph => graph.Node("Cast", [graph.Node("Mod", [Whole(graph), graph.Integers(-1)])], ToFloat)),
        ["a quotient by -1"] = ("Div", graph => graph.Node("Cast", [graph.Node("Div", [Whole(graph), graph.Integers(3, -1)])], ToFloat)),
        ["a quotient by what the image says"] = ("Div",
            graph => graph.Node("Cast", [graph.Node("Div", [graph.Integers(7), Whole(graph)])], ToFloat)),
        ["memory as the image says"] = ("ConstantOfShape",
            graph => graph.Node("Add",
                [graph.Input(3, 8, 8), graph.Node("ReduceMean", [graph.Node("ConstantOfShape", [Mean(graph, "x")])])])),
        ["copies as the image says"] = ("Tile", graph => graph.Node("Tile", [graph.Input(3, 8, 8), Mean(graph, "x")])),
        ["a size as the image says, by way of its places"] = ("NonZero",
            graph => graph.Node("Cast", [graph.Node("NonZero", [graph.Input(3, 8, 8)])], ToFloat)),
    };

    public static TheoryData<string> Names => [.. Traps.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Trap_IsRefused_WithItsNode(string name)
    {
        var graph = new Handmade(13);

        var problem = Translating.Translate(graph.Model(Traps[name].Map(graph))).Problem;

        Assert.Equal("onnx.unsupported", problem?.Code);
        Assert.Contains($"({Traps[name].Operation})", problem!.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void WholeNumbersOfTheImagesSize_DividedByAConstant_AreServed()
    {
        var graph = new Handmade(13);
        var size = graph.Node("Shape", [graph.Convolution(graph.Input(3, 8, 8), 3, 4)]);
        var half = graph.Node("Cast", [graph.Node("Div", [size, graph.Node("Cast", [graph.Integers(2)], ToInteger)])], ToFloat);
        var output = graph.Node("Sin",
            [graph.Node("Add",
                [graph.Node("ReduceMean", ["x"], Attributes.Numbers("axes", 2, 3), Attributes.Number("keepdims", 0L)),
                    graph.Node("ReduceMean", [half])])]);

        var translated = Translating.Translate(graph.Model(output));

        Assert.True(translated.Succeeded, translated.Problem?.Detail);
        Assert.NotEmpty(translated.Value.Unsupported);
    }

    /// <summary>As transformers count their windows.</summary>
    [Fact]
    public void SizesDividedBySizes_AreServed_OneImageAtATime()
    {
        var graph = new Handmade(13);
        var size = graph.Node("Shape", [graph.Convolution(graph.Input(3, 8, 8), 3, 4)]);
        var ratio = graph.Node("Cast", [graph.Node("Div", [size, graph.Node("Shape", ["x"])])], ToFloat);

        var translated = Translating.Translate(graph.Model(graph.Node("Mul", ["x", graph.Node("ReduceMean", [ratio])])));

        Assert.True(translated.Succeeded, translated.Problem?.Detail);
        var served = ModelProto.Parser.ParseFrom(translated.Value.Original!.Value.ToArray());
        Assert.Equal(1, served.Graph.Input[0].Type.TensorType.Shape.Dim[0].DimValue);
    }

    [Fact]
    public void Floats_DividedByTheNetworksOwnValues_AreServed()
    {
        var graph = new Handmade(13);
        var map = graph.Convolution(graph.Input(3, 8, 8), 3, 4);

        var translated = Translating.Translate(graph.Model(graph.Node("Div", [map, graph.Node("Exp", [map])])));

        Assert.True(translated.Succeeded, translated.Problem?.Detail);
    }

    private static string Whole(Handmade graph) => graph.Node("Cast", [graph.Input(3, 8, 8)], ToInteger);

    private static string Mean(Handmade graph, string map) =>
        graph.Node("Cast", [graph.Node("Flatten", [graph.Node("ReduceMean", [map])], Attributes.Number("axis", 0L))], ToInteger);
}
