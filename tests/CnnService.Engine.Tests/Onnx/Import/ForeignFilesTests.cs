using CnnService.Core.Architecture;
using CnnService.Core.Models.Import;
using CnnService.Onnx.Import;
using CnnService.Tests.Shared;

namespace CnnService.Engine.Tests.Onnx.Import;

/// <summary>Files that others exported, each with what is right for it.</summary>
public sealed class ForeignFilesTests
{
    private const double Tolerance = 1e-4;

    [Theory]
    [InlineData("foreign-onnx", "selu.onnx", 100)]
    [InlineData("foreign-onnx", "flatten-axis0-densenet.onnx", 2)]
    [InlineData("foreign-onnx", "keras2onnx-1.5-unsorted.onnx", 10)]
    [InlineData("bug-reports", "fixed_batch4.onnx", 3)]
    [InlineData("bug-reports", "bn_training.onnx", 3)]
    [InlineData("bug-reports", "mlperf_argmax.onnx", 3)]
    [InlineData("bug-reports", "mish_sigmoid3.onnx", 3)]
    public void File_BecomesLayers_ThatGiveWhatItGives(string folder, string name, int classes)
    {
        var translated = Translate(folder, name).Value;

        Assert.True(translated.Unsupported.Count == 0, string.Join("; ", translated.Unsupported));
        Assert.Equal(classes, translated.Network.Classes);
        Assert.InRange(Translating.Difference(translated), 0, Tolerance);
    }

    [Fact]
    public void ExternalData_ThatIsMissing_IsNamedWithItsSize()
    {
        var problem = Translate("foreign-onnx", "pytorch-2.9-external-data.onnx").Problem!;

        Assert.Equal("onnx.external-data", problem.Code);
        Assert.Contains("'mnist.onnx.data' (7 tensors, ", problem.Detail, StringComparison.Ordinal);
        Assert.Contains("bytes or more", problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void ExternalData_OfTheRightSize_MakesLayers()
    {
        // The weights were not to be had; any of the right size will do for the shape of the network.
        var data = Path.GetTempFileName();
        try
        {
            var values = Enumerable.Range(0, 1 << 20).SelectMany(i => BitConverter.GetBytes((float)Math.Sin(i) / 16)).ToArray();
            File.WriteAllBytes(data, values);
            var translated = Translate("foreign-onnx", "pytorch-2.9-external-data.onnx",
                source => source with { Companions = new Dictionary<string, string> { ["mnist.onnx.data"] = data } }).Value;

            Assert.Empty(translated.Unsupported);
            Assert.Equal(10, translated.Network.Classes);
            Assert.Contains(translated.Network.Layers, layer => layer.Spec is FlattenLayer && layer.OutputShape.Channels == 3136);
            Assert.InRange(Translating.Difference(translated), 0, Tolerance);
        }
        finally
        {
            File.Delete(data);
        }
    }

    [Fact]
    public void MeanImage_ThatTheFileSubtracts_BecomesPartOfThePreprocessing()
    {
        var translated = Translate("foreign-onnx", "matlab-mean-image-sub.onnx").Value;

        Assert.Empty(translated.Unsupported);
        Assert.Equal((150, 150), (translated.MeanImage?.Height, translated.MeanImage?.Width));
        Assert.Equal(10, translated.Network.Classes);
        Assert.InRange(Translating.Difference(translated), 0, Tolerance);
    }

    [Fact]
    public void FaceDetector_IsNoClassifier()
    {
        var notes = new List<string>();
        var translated = Translate("foreign-onnx", "ultraface-detector-as-classifier.onnx", notes: notes).Value;

        Assert.False(translated.Network.HasClasses);
        Assert.False(translated.Network.HasLayers);
        Assert.Contains(notes, note => note.Contains("'scores' [4420, 2], 'boxes' [4420, 4]", StringComparison.Ordinal));
    }

    [Fact]
    public void Outputs_AreKnownByTheirOwnNames()
    {
        var outputs = Translate("bug-reports", "mlperf_argmax.onnx").Value.FileOutputs;

        Assert.Equal(("softmax_tensor:0", true, "probabilities"),
            outputs.Where(output => output.IsAnswer).Select(output => (output.Name, output.IsAnswer, output.ServedAs)).Single());
        Assert.Null(outputs.Single(output => output.Name == "ArgMax:0").ServedAs);
    }

    [Fact]
    public void TrainingMode_IsTaken_AndTold()
    {
        var notes = new List<string>();
        Translate("bug-reports", "bn_training.onnx", notes: notes);

        Assert.Contains(notes, note => note.Contains("2 batch normalizations", StringComparison.Ordinal));
    }

    [Fact]
    public void SeveralSigmoids_AreLabelsOfTheirOwn()
    {
        var notes = new List<string>();
        var translated = Translate("bug-reports", "mish_sigmoid3.onnx", source => source with { Labels = 3 }, notes).Value;

        Assert.Equal(3, translated.Network.Classes);
        Assert.True(translated.Network is { IsMultiLabel: true, HasLayers: true });
        Assert.Contains(notes, note => note.StartsWith("Its 3 sigmoids", StringComparison.Ordinal));
    }

    [Fact]
    public void Output_ThatDoesNotExist_IsAProblemThatListsThem()
    {
        var problem = Translate("bug-reports", "mlperf_argmax.onnx", source => source with { Output = "softmax" }).Problem!;

        Assert.Equal("onnx.output", problem.Code);
        Assert.Contains("'softmax_tensor:0' [3]", problem.Detail, StringComparison.Ordinal);
    }

    private static Core.Common.Outcome<TranslatedNetwork> Translate(
        string folder, string name, Func<OnnxSource, OnnxSource>? change = null, List<string>? notes = null)
    {
        var source = new OnnxSource(SharedData.Path(folder, name));
        return new OnnxTranslator().Translate(change is null ? source : change(source), notes ?? []);
    }
}
