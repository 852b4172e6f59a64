using System.Text.Json;
using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Onnx.Export;
using CnnService.Onnx.Format;
using CnnService.Onnx.Serving;

namespace CnnService.Engine.Tests.Onnx.Export;

public sealed class OnnxExporterTests
{
    public static TheoryData<string> Cases => [.. NetworkCases.All.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Export_OfEachKindOfLayer_ComputesWhatTheDefinitionSays(string name) => AssertComputes(NetworkCases.All[name](), 1e-5);

    [Fact]
    public void Export_OfRandomNetworks_ComputesWhatTheDefinitionSays()
    {
        for (var seed = 0UL; seed < 60; seed++)
        {
            AssertComputes(NetworkCases.Random(seed), 1e-4);
        }
    }

    [Fact]
    public void Export_OfTheSame_GivesTheSameBytes()
    {
        foreach (var create in NetworkCases.All.Values)
        {
            Assert.Equal(Export(create()), Export(create()));
        }
    }

    [Fact]
    public void Export_OfANetwork_NamesInputOutputsAndFormat()
    {
        var model = Parse(Some.Network());

        Assert.Equal((8, 17), (model.IrVersion, model.OpsetImport.Single().Version));
        Assert.Equal("", model.OpsetImport.Single().Domain);
        Assert.Equal("CnnService", model.ProducerName);
        Assert.Equal("input [N, 3, 8, 8]", Describe(model.Graph.Input.Single()));
        Assert.Equal(["probabilities [N, 3]", "logits [N, 3]"], model.Graph.Output.Select(Describe));
    }

    [Fact]
    public void Export_OfANetwork_NamesNodesAndValuesAfterLayers()
    {
        var graph = Parse(Some.Network()).Graph;

        Assert.Equal(
            [
                "Conv conv: conv/preactivation", "Relu conv/activation: conv", "MaxPool pool: pool", "Flatten flat: flat",
                "Gemm hidden: hidden/preactivation", "Tanh hidden/activation: hidden", "Identity drop: drop",
                "Gemm classes_out: classes_out",
                "Identity classes_out/logits: logits", "Softmax classes_out/probabilities: probabilities",
            ],
            graph.Node.Select(node => $"{node.OpType} {node.Name}: {node.Output.Single()}"));
        Assert.Equal(
            ["conv.weight", "conv.bias", "hidden.weight", "hidden.bias", "classes_out.weight", "classes_out.bias"],
            graph.Initializer.Select(tensor => tensor.Name));
    }

    [Fact]
    public void Export_OfANetwork_CarriesClassesAndPreprocessing()
    {
        var metadata = Parse(Some.Network()).MetadataProps.ToDictionary(entry => entry.Key, entry => entry.Value);

        Assert.Equal(Some.Classes(3), JsonSerializer.Deserialize<string[]>(metadata[OnnxExporter.ClassesKey], CoreJson.Options));
        var preprocessing = JsonSerializer.Deserialize<Preprocessing>(metadata[Preprocessing.MetadataKey], CoreJson.Options)!;
        Assert.Equal(Some.Preprocessing().Mean, preprocessing.Mean);
        Assert.Equal(Some.Preprocessing().Std, preprocessing.Std);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Export_OfEachKindOfLayer_NamesEveryValueOnce(string name)
    {
        var graph = Parse(NetworkCases.All[name]()).Graph;
        string[] values = [.. graph.Input.Select(input => input.Name), .. graph.Initializer.Select(tensor => tensor.Name),
            .. graph.Node.SelectMany(node => node.Output)];

        Assert.Equal(values.Length, values.Distinct().Count());
        Assert.Equal(graph.Node.Count, graph.Node.Select(node => node.Name).Distinct().Count());
    }

    [Fact]
    public void Export_WithoutALayersWeights_NamesWhatIsMissing()
    {
        var failure = Assert.Throws<KeyNotFoundException>(
            () => new OnnxExporter().Export(Some.Network(), new NamedWeights(), Some.Classes(3), Some.Preprocessing()));

        Assert.Contains("'conv.weight'", failure.Message, StringComparison.Ordinal);
    }

    internal static byte[] Export(ResolvedNetwork network) =>
        new OnnxExporter().Export(network, Some.Weights(network), Some.Classes(network.Classes),
            Some.Preprocessing(network.Spec.Input.Channels));

    private static ModelProto Parse(ResolvedNetwork network) => ModelProto.Parser.ParseFrom(Export(network));

    private static string Describe(ValueInfoProto value)
    {
        var sizes = value.Type.TensorType.Shape.Dim.Select(dim => dim.HasDimParam ? dim.DimParam : $"{dim.DimValue}");
        return $"{value.Name} [{string.Join(", ", sizes)}]";
    }

    /// <summary>Two images as one batch through the whole network and up to each of its layers.</summary>
    private static void AssertComputes(ResolvedNetwork network, double tolerance)
    {
        var preprocessing = Some.Preprocessing(network.Spec.Input.Channels);
        var naive = new NaiveNetwork(network, Some.Weights(network), preprocessing);
        byte[][] images = [Some.Image(network, 1), Some.Image(network, 2)];
        var file = Export(network);
        var told = $"{string.Join(", ", network.Layers.Select(layer => layer.Spec))}";
        using (var whole = OnnxNetwork.Open(file, preprocessing, threads: 1).Value)
        {
            Near.Equal(Join(images, image => naive.Logits(image)), Run(whole, images, "logits"), tolerance, $"logits of {told}");
            Near.Equal(
                Join(images, image => network.IsSigmoid ? naive.Probabilities(image)[1..] : naive.Probabilities(image)),
                Run(whole, images, "probabilities"),
                tolerance,
                $"probabilities of {told}");
        }

        foreach (var layer in network.Layers)
        {
            using var cut = OnnxNetwork.Open(OnnxTruncation.TruncateAfter(file, layer).Value, preprocessing, threads: 1).Value;
            Near.Equal(
                Join(images, image => naive.Run(image)[layer.Name].Data),
                Run(cut, images, OnnxExporter.ValueOf(layer.Name)),
                tolerance,
                $"{layer.Name} of {told}");
        }
    }

    private static double[] Join(byte[][] images, Func<byte[], double[]> values) => [.. images.SelectMany(values)];

    private static float[] Run(OnnxNetwork network, byte[][] images, string output) =>
        network.Run([.. images.Select(image => new ReadOnlyMemory<byte>(image))], output, out _);
}
