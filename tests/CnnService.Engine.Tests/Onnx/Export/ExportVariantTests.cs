using CnnService.Core.Architecture;
using CnnService.Core.Models;
using CnnService.Onnx.Export;
using CnnService.Onnx.Import;
using CnnService.Onnx.Serving;

namespace CnnService.Engine.Tests.Onnx.Export;

/// <summary>Files made anew with other contents give what the network gives, judged by the naive one.</summary>
public sealed class ExportVariantTests
{
    private static readonly ResolvedNetwork Network = Some.Network(
        3,
        new(8, 10, 3),
        new Conv2dLayer { Name = "conv", Filters = 6, Padding = Padding2.Same },
        new BatchNormalizationLayer { Name = "norm", Activation = ActivationKind.Silu },
        new PReluLayer { Name = "slopes" },
        new FlattenLayer { Name = "flat" },
        new DenseLayer { Name = "hidden", Units = 5, UseBias = false },
        new BatchNormalizationLayer { Name = "norm_2" },
        new DenseLayer { Name = "head" });

    public static TheoryData<string, Preprocessing> Preprocessings => new()
    {
        { "as tests have it", Some.Preprocessing() },
        { "caffe", Preprocessing.Create(NormalizationKind.Caffe, 3, [], []) },
        { "imagenet", Preprocessing.Create(NormalizationKind.Imagenet, 3, [], []) },
        {
            "whitened",
            Some.Preprocessing() with { Matrix = [[0.9, 0.2, -0.1], [0.1, 1.1, 0.3], [-0.2, 0.05, 0.7]], ChannelOrder = ChannelOrder.Bgr }
        },
        {
            "centred by a mean image",
            Some.Preprocessing() with
            {
                Matrix = [[0.9, 0.2, -0.1], [0.1, 1.1, 0.3], [-0.2, 0.05, 0.7]],
                MeanImage = MeanImage.Create([.. Enumerable.Range(0, 240).Select(i => MathF.Sin(i))], 8, 10),
            }
        },
    };

    [Theory]
    [MemberData(nameof(Preprocessings), DisableDiscoveryEnumeration = true)]
    public void IncludedPreprocessing_TakesBytes_AndGivesWhatTheSeparateOneGives(string name, Preprocessing preprocessing)
    {
        var separate = Run(new(), preprocessing, out var takesBytes);
        Assert.False(takesBytes);

        var included = Run(new() { IncludePreprocessing = true }, preprocessing, out takesBytes);

        Assert.True(takesBytes, name);
        AssertNear(separate, included, 1e-4);
    }

    [Fact]
    public void IncludedPreprocessing_IsWhatTheNaiveNetworkGives()
    {
        var naive = new NaiveNetwork(Network, Some.Weights(Network), Some.Preprocessing()).Logits(Some.Image(Network, 1));

        AssertNear([.. naive.Select(value => (float)value)], Run(new() { IncludePreprocessing = true }, Some.Preprocessing(), out _), 1e-4);
    }

    [Fact]
    public void FoldedNormalization_GivesTheSameWithFewerLayers()
    {
        var plain = Export(new(), Some.Preprocessing());
        var folded = Export(new() { FoldBatchNormalization = true }, Some.Preprocessing());

        Assert.True(folded.Length < plain.Length);
        AssertNear(Run(new(), Some.Preprocessing(), out _), Run(new() { FoldBatchNormalization = true }, Some.Preprocessing(), out _),
            1e-4);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Temperature_DividesTheProbabilitiesLogits_AndIsTakenOutByAnImport(int units)
    {
        var network = Some.Network(
            Math.Max(2, units), new(8, 10, 3), new FlattenLayer { Name = "flat" }, new DenseLayer { Name = "head", Units = units });
        var file = new OnnxExporter().Export(
            network, Some.Weights(network), Some.Classes(Math.Max(2, units)), Some.Preprocessing(), new() { Temperature = 2.5 });

        using var opened = OnnxNetwork.Open(file, Some.Preprocessing(), threads: 1).Value;
        var logits = opened.Run([Some.Image(network, 1)], OnnxExporter.Logits, out _);
        var probabilities = opened.Run([Some.Image(network, 1)], OnnxExporter.Probabilities, out _);

        AssertNear(Logits(new OnnxExporter().Export(network, Some.Weights(network), Some.Classes(Math.Max(2, units)), Some.Preprocessing()),
            network, Some.Preprocessing(), out _), logits, 1e-6);
        double[] scores = units == 1 ? [0, logits[0]] : [.. logits.Select(logit => (double)logit)];
        double[] shares = [.. scores.Select(score => Math.Exp(score / 2.5))];
        AssertNear([.. shares.Skip(units == 1 ? 1 : 0).Select(share => (float)(share / shares.Sum()))], probabilities, 1e-5);

        var path = Path.GetTempFileName();
        File.WriteAllBytes(path, file);
        List<string> notes = [];
        var imported = new OnnxTranslator().Translate(new(path), notes).Value;
        File.Delete(path);
        Assert.Empty(imported.Unsupported);
        Assert.Equal(["flat", "head"], imported.Network.Layers.Select(layer => layer.Name));
        Assert.Contains(notes, note => note.Contains("temperature 2.50", StringComparison.Ordinal));
    }

    [Fact]
    public void HalfWeights_HalveTheFile_AndStayNear()
    {
        var network = Some.Network(3, new(8, 8, 3), new FlattenLayer { Name = "flat" }, new DenseLayer
        {
            Name = "wide",
            Units = 400,
        }, new DenseLayer { Name = "head" });
        var plain = new OnnxExporter().Export(network, Some.Weights(network), Some.Classes(3), Some.Preprocessing());
        var half = new OnnxExporter().Export(network, Some.Weights(network), Some.Classes(3), Some.Preprocessing(),
            new() { HalfWeights = true });

        Assert.InRange((double)half.Length / plain.Length, 0.5, 0.52);
        // Eleven bits of a weight: its share of 2^-11, of each of some hundred terms.
        AssertNear(Logits(plain, network, Some.Preprocessing(), out _), Logits(half, network, Some.Preprocessing(), out _), 5e-3);
    }

    private static byte[] Export(ExportVariant options, Preprocessing preprocessing) =>
        new OnnxExporter().Export(Network, Some.Weights(Network), Some.Classes(3), preprocessing, options);

    private static float[] Run(ExportVariant options, Preprocessing preprocessing, out bool takesBytes) =>
        Logits(Export(options, preprocessing), Network, preprocessing, out takesBytes);

    private static float[] Logits(byte[] file, ResolvedNetwork network, Preprocessing preprocessing, out bool takesBytes)
    {
        using var opened = OnnxNetwork.Open(file, preprocessing, threads: 1).Value;
        takesBytes = opened.TakesBytes;
        return opened.Run([Some.Image(network, 1)], OnnxExporter.Logits, out _);
    }

    private static void AssertNear(float[] expected, float[] actual, double tolerance)
    {
        var scale = Math.Max(1, expected.Max(Math.Abs));
        Assert.True(expected.Zip(actual).Max(pair => Math.Abs(pair.First - pair.Second)) / scale <= tolerance,
            $"{string.Join(' ', expected)} and {string.Join(' ', actual)}");
    }
}
