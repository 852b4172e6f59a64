using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Core.Visualization;
using CnnService.Core.Visualization.Explaining;
using CnnService.Onnx.Export;
using CnnService.Onnx.Serving;
using Microsoft.Extensions.Options;

namespace CnnService.Onnx.Gradients;

/// <inheritdoc cref="INetworkProbe"/>
/// <remarks>Answers come from the served file; derivatives from a <see cref="GradientGraph"/> of its weights. Keeps those used last.</remarks>
internal sealed class NetworkProbe(IOptions<ServingOptions> options) : INetworkProbe, IDisposable
{
    private const int KeptNetworks = 4;
    private const int KeptGradients = 8;

    private readonly RecentNetworks<OnnxNetwork> _networks = new(KeptNetworks);
    private readonly RecentNetworks<GradientNetwork> _gradients = new(KeptGradients);

    private int Threads => options.Value.Threads;

    public Outcome<float[]> Logits(LoadedModel model, UnitPictures pictures)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(pictures);
        Outcome<OnnxNetwork> Open() => ModelFile.Read(model).Then(file => OnnxNetwork.Open(file, model.Manifest.Preprocessing, Threads));
        return _networks.Use<float[]>(model.WeightsHash, Open, network =>
        {
            var isLogits = network.Outputs.Contains(OnnxExporter.Logits);
            var output = isLogits ? OnnxExporter.Logits : OnnxExporter.Probabilities;
            var values = network.TakesBytes
                ? network.Run([.. Enumerable.Range(0, pictures.Count).Select(i => (ReadOnlyMemory<byte>)Bytes(pictures, i))], output, out _)
                : network.RunPlanes(new UnitPreprocessing(model.Manifest.Preprocessing).ToNetwork(pictures), pictures.Count, output);
            return isLogits ? values : [.. values.Select(value => MathF.Log(Math.Max(value, 1e-12f)))];
        });
    }

    public Outcome<LayerGradient> OfLayer(LoadedModel model, string layer, UnitPictures picture, IReadOnlyList<float> classWeights)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(picture);
        return Run(model, layer, picture, classWeights).Then<LayerGradient>(found =>
        {
            var shape = model.Network.Find(layer)!.OutputShape;
            return new LayerGradient(found.Logits, Maps(shape, found.Value!), Maps(shape, found.Gradient));
        });
    }

    public Outcome<InputGradient> OfInput(LoadedModel model, UnitPictures pictures, IReadOnlyList<float> classWeights)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(pictures);
        return Run(model, null, pictures, classWeights).Then<InputGradient>(found =>
            new InputGradient(found.Logits, new UnitPreprocessing(model.Manifest.Preprocessing).FromNetwork(pictures, found.Gradient)));
    }

    public void Dispose()
    {
        _networks.Dispose();
        _gradients.Dispose();
    }

    /// <summary>The nearest picture of bytes, <c>[H,W,C]</c>.</summary>
    private static byte[] Bytes(UnitPictures pictures, int picture)
    {
        var values = pictures[picture];
        var bytes = new byte[values.Length];
        for (var i = 0; i < bytes.Length; i++)
        {
            var (channel, place) = (i % pictures.Channels, i / pictures.Channels);
            bytes[i] = (byte)Math.Clamp(MathF.Round(values[(channel * pictures.Height * pictures.Width) + place] * 255), 0, 255);
        }

        return bytes;
    }

    private static FeatureMaps Maps(TensorShape shape, float[] values) =>
        shape.IsMap ? new(shape.Channels, shape.Height, shape.Width, values) : new(shape.Channels, 1, 1, values);

    private Outcome<GradientValues> Run(LoadedModel model, string? layer, UnitPictures pictures, IReadOnlyList<float> classWeights)
    {
        var planes = new UnitPreprocessing(model.Manifest.Preprocessing).ToNetwork(pictures);
        float[] factors = [.. Enumerable.Repeat(classWeights, pictures.Count).SelectMany(weights => weights)];
        Outcome<GradientNetwork> Open() => ModelWeights.Read(model).Then<GradientNetwork>(weights => new GradientNetwork(model.Network, weights, layer, Threads));
        return _gradients.Use<GradientValues>($"{model.WeightsHash}/{layer}", Open, network => network.Run(planes, factors));
    }
}
