using CnnService.Core.Architecture;
using CnnService.Core.Models;
using CnnService.Onnx.Export;
using CnnService.Onnx.Format;
using CnnService.Onnx.Serving;
using Google.Protobuf;

namespace CnnService.Engine.Tests.Onnx.Import;

/// <summary>Files that end in several sigmoids: each class keeps the probability that the file gives it.</summary>
public sealed class MultiLabelTests
{
    private static readonly Dictionary<string, Func<Handmade, string>> Ends = new()
    {
        ["a vector"] = graph => graph.Node("Sigmoid", [Scores(graph)]),
        ["a map of one cell"] = graph => graph.Node("Flatten", [graph.Node("Sigmoid", [graph.Node("GlobalAveragePool",
            [graph.Convolution(graph.Input(3, 9, 8), 3, 4)])])]),
        ["a vector that is renamed"] = graph => graph.Node("Identity", [graph.Node("Sigmoid", [Scores(graph)])]),
        ["no layers"] = graph => graph.Node("Sigmoid", [graph.Node("Gemm",
            [graph.Node("Sin", [Pooled(graph)]), graph.Weights(6, 4), graph.Weights(4)])]),
    };

    public static TheoryData<string> Names => [.. Ends.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Translate_GivesEachClassTheProbabilityOfTheFile(string name)
    {
        var model = Model(Ends[name]);
        var translated = Translating.Translate(model.ToByteArray(), labels: 4).Value;
        var network = translated.Network;
        var file = network.HasLayers ? Export(network, translated.Weights) : translated.Original!.Value.ToArray();

        Assert.True(network.IsMultiLabel);
        Assert.Equal(name != "no layers", network.HasLayers);
        var image = Some.Image(network, 3);
        var expected = Run(model.ToByteArray(), image, model.Graph.Output[0].Name);
        var given = Run(file, image, OnnxExporter.Probabilities);
        Assert.Equal(4, given.Length);
        Assert.All(expected.Zip(given), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        Assert.NotEqual(1, given.Sum(), 1e-3);
    }

    [Fact]
    public void Export_OfSeveralSigmoids_ComesBackAsSeveralSigmoids()
    {
        var translated = Translating.Translate(Model(Ends["a vector"]).ToByteArray(), labels: 4).Value;
        var file = Export(translated.Network, translated.Weights);

        var again = Translating.Translate(file).Value;

        Assert.True(again.Network is { HasLayers: true, IsMultiLabel: true });
        var image = Some.Image(again.Network, 5);
        Assert.Equal(Run(file, image, OnnxExporter.Probabilities),
            Run(Export(again.Network, again.Weights), image, OnnxExporter.Probabilities), (one, other) => Math.Abs(one - other) < 1e-6);
    }

    private static string Pooled(Handmade graph) =>
        graph.Node("Flatten", [graph.Node("GlobalAveragePool", [graph.Convolution(graph.Input(3, 9, 8), 3, 6)])]);

    private static string Scores(Handmade graph) => graph.Node("Gemm", [Pooled(graph), graph.Weights(6, 4), graph.Weights(4)]);

    private static ModelProto Model(Func<Handmade, string> end)
    {
        var graph = new Handmade();
        return graph.Model(end(graph));
    }

    private static byte[] Export(ResolvedNetwork network, NamedWeights weights) =>
        new OnnxExporter().Export(network, weights, Some.Classes(4), Rescale);

    private static float[] Run(byte[] file, byte[] image, string output)
    {
        using var network = OnnxNetwork.Open(file, Rescale, threads: 1).Value;
        return network.Run([image], output, out _);
    }

    private static Preprocessing Rescale => Preprocessing.Create(NormalizationKind.Rescale, 3, [], []);
}
