using CnnService.Core.Models;
using CnnService.Core.Models.Import;
using CnnService.Onnx.Export;
using CnnService.Onnx.Format;
using CnnService.Onnx.Import;
using CnnService.Onnx.Serving;
using Google.Protobuf;

namespace CnnService.Engine.Tests.Onnx.Import;

/// <summary>Files through the translator, and what they and their translations give.</summary>
internal static class Translating
{
    public static Core.Common.Outcome<TranslatedNetwork> Translate(byte[] file, int? labels = null, List<string>? notes = null)
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, file);
            return new OnnxTranslator().Translate(new(path) { Labels = labels }, notes ?? []);
        }
        finally
        {
            File.Delete(path);
        }
    }

    public static Core.Common.Outcome<TranslatedNetwork> Translate(ModelProto model) => Translate(model.ToByteArray());

    /// <summary>The largest difference between the file itself and the export of its translation, relative to the largest value;
    /// OnnxRuntime runs both.</summary>
    public static double Difference(TranslatedNetwork translated)
    {
        var classes = Some.Classes(translated.Network.Classes);
        var preprocessing = Preprocessing.Create(NormalizationKind.Rescale, translated.Network.Spec.Input.Channels, [], []);
        var file = new OnnxExporter().Export(translated.Network, translated.Weights, classes, preprocessing);
        var original = Run(translated.Original!.Value.ToArray(), preprocessing, translated);
        var again = Run(file, preprocessing, translated);
        Assert.Equal(original.Length, again.Length);
        Assert.Contains(original, value => value != 0);
        return original.Zip(again).Max(pair => Math.Abs(pair.First - pair.Second)) / Math.Max(1, original.Max(Math.Abs));
    }

    private static float[] Run(byte[] file, Preprocessing preprocessing, TranslatedNetwork translated)
    {
        using var network = OnnxNetwork.Open(file, preprocessing, threads: 1).Value;
        var output = network.Outputs.Contains(OnnxExporter.Logits) ? OnnxExporter.Logits : network.Outputs[0];
        return network.Run([Some.Image(translated.Network, 3)], output, out _);
    }
}
