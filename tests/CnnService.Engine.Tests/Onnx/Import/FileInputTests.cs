using CnnService.Core.Models;
using CnnService.Onnx.Export;
using Google.Protobuf;

namespace CnnService.Engine.Tests.Onnx.Import;

/// <summary>The input of a file keeps its name where it is given the values that the file takes.</summary>
public sealed class FileInputTests
{
    private static readonly Dictionary<string, (Func<Handmade, string> Image, FileInput? Expected)> Begins = new()
    {
        ["channels first"] = (graph => graph.Input(3, 9, 8), new("x", IsChannelsLast: false, IsBytes: false)),
        ["channels last"] = (
            graph => graph.Node("Transpose", [graph.Input(9, 8, 3)], Attributes.Numbers("perm", 0, 3, 1, 2)),
            new("x", IsChannelsLast: true, IsBytes: false)),
        ["a mean image"] = (graph => graph.Node("Sub", [graph.Input(3, 9, 8), graph.Weights(3, 9, 8)]), null),
        ["a scaling"] = (
            graph => graph.Node("Resize", [graph.Input(3, 9, 8), string.Empty, graph.Floats([1, 1, 2, 2], 4)],
                Attributes.Text("mode", "nearest")),
            null),
    };

    public static TheoryData<string> Names => [.. Begins.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Translate_TellsTheInputOfTheFile_WhereTheNetworkTakesItsValues(string name)
    {
        var (graph, (image, expected)) = (new Handmade(), Begins[name]);
        var map = graph.Node("GlobalAveragePool", [graph.Convolution(image(graph), 3, 4)]);
        var scores = graph.Node("Gemm", [graph.Node("Flatten", [map]), graph.Weights(4, 5), graph.Weights(5)]);

        var translated = Translating.Translate(graph.Model(scores).ToByteArray(), labels: 5).Value;

        Assert.True(translated.Network.HasLayers, string.Join("; ", translated.Unsupported));
        Assert.Equal(expected, translated.FileInput);
    }
}
