using CnnService.Core.Architecture;
using CnnService.Core.Models;
using CnnService.Core.Models.Import;
using CnnService.Engine.Tests.Onnx.Import.Styles;
using CnnService.Onnx.Export;
using CnnService.Onnx.Format;
using CnnService.Onnx.Serving;
using CnnService.Tests.Shared;
using Google.Protobuf;

namespace CnnService.Engine.Tests.Onnx.Import;

/// <summary>
/// Random networks in the style of each exporter become layers, or are served as they are with a reason; either way they give what
/// OnnxRuntime gives for the file itself.
/// </summary>
public sealed class ExporterStyleTests
{
    private const double Tolerance = 1e-4;
    private const int Few = 6;
    private const int Many = 84;

    private static readonly Dictionary<string, Func<ulong, ExporterStyle>> Styles = new()
    {
        ["PyTorch, script"] = seed => new ScriptStyle(seed),
        ["PyTorch, dynamo"] = seed => new DynamoStyle(seed),
        ["tf2onnx"] = seed => new TensorFlowStyle(seed),
        ["MATLAB"] = seed => new MatlabStyle(seed),
        ["CNTK"] = seed => new CntkStyle(seed),
        ["Paddle"] = seed => new PaddleStyle(seed),
    };

    public static TheoryData<string> Names => [.. Styles.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void SomeNetworks_GiveWhatTheirFilesGive(string style) => AssertAll(style, Enumerable.Range(0, Few));

    [Theory]
    [MemberData(nameof(Names))]
    [LongProof]
    public void ManyNetworks_GiveWhatTheirFilesGive(string style) => AssertAll(style, Enumerable.Range(Few, Many));

    private static void AssertAll(string style, IEnumerable<int> seeds)
    {
        var (layers, faults) = (0, new List<string>());
        foreach (var seed in seeds)
        {
            var generated = Styles[style]((ulong)seed).Create();
            var outcome = Translating.Translate(generated.Model.ToByteArray());
            if (outcome.Problem is { } problem)
            {
                faults.Add($"{seed}: {problem.Detail}");
                continue;
            }

            var translated = outcome.Value;
            layers += translated.Network.HasLayers ? 1 : 0;
            if (!translated.Network.HasLayers && !generated.HasForeign)
            {
                faults.Add($"{seed}: {translated.Unsupported[0].Operation} {translated.Unsupported[0].Reason}");
            }

            if (Difference(generated, translated) is var difference and not (>= 0 and <= Tolerance))
            {
                faults.Add($"{seed}: differs by {difference}");
            }
        }

        Assert.Empty(faults);
        Assert.True(layers > 0);
    }

    /// <summary>Between the file, run by OnnxRuntime alone, and what would be served.</summary>
    private static double Difference(Generated generated, TranslatedNetwork translated)
    {
        var image = Some.Image(translated.Network, 3);
        var expected = RunAlone(generated.Model, image, translated.Network.Spec.Input);
        var served = translated.Original!.Value.ToArray();
        if (translated.Network.HasLayers)
        {
            var classes = Some.Classes(translated.Network.Classes);
            served = new OnnxExporter().Export(translated.Network, translated.Weights, classes, Rescale(translated));
        }

        using var network = OnnxNetwork.Open(served, Rescale(translated), threads: 1).Value;
        var given = network.Run([image], generated.End == GeneratedEnd.Scores ? OnnxExporter.Logits : OnnxExporter.Probabilities, out _);
        given = generated.End == GeneratedEnd.LogSoftmax ? Array.ConvertAll(given, MathF.Log) : given;
        Assert.Equal(expected.Length, given.Length);
        return expected.Zip(given).Max(pair => Math.Abs(pair.First - pair.Second)) / Math.Max(1, expected.Max(Math.Abs));
    }

    /// <summary>What the file gives, opened as it is.</summary>
    private static float[] RunAlone(ModelProto model, byte[] image, InputSpec input)
    {
        var preprocessing = Preprocessing.Create(NormalizationKind.Rescale, input.Channels, [], []);
        using var network = OnnxNetwork.Open(ChannelsFirst(model, input).ToByteArray(), preprocessing, threads: 1).Value;
        return network.Run([image], network.Outputs[0], out _);
    }

    /// <summary>The file; one that takes its channels last with a transpose before it.</summary>
    private static ModelProto ChannelsFirst(ModelProto model, InputSpec input)
    {
        if (model.Graph.Input[0].Type.TensorType.Shape.Dim[1].DimValue == input.Channels)
        {
            return model;
        }

        var turned = model.Clone();
        var node = new NodeProto { OpType = "Transpose", Name = "turn" };
        node.Input.Add("planes");
        node.Output.Add(model.Graph.Input[0].Name);
        node.Attribute.Add(Attributes.Numbers("perm", 0, 2, 3, 1));
        turned.Graph.Node.Insert(0, node);
        turned.Graph.Input[0] = GraphBuilder.Value("planes", input.Shape);
        return turned;
    }

    /// <summary>As the files are fed here; what a file subtracted from its input is subtracted before it now.</summary>
    private static Preprocessing Rescale(TranslatedNetwork translated)
    {
        var rescale = Preprocessing.Create(NormalizationKind.Rescale, translated.Network.Spec.Input.Channels, [], []);
        return translated.MeanImage is { } subtracted ? rescale.Subtract(subtracted) : rescale;
    }
}
