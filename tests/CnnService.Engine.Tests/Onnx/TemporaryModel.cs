using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Onnx.Export;

namespace CnnService.Engine.Tests.Onnx;

/// <summary>A published model in a folder of its own, deleted on dispose, with its naive twin.</summary>
internal sealed class TemporaryModel : IDisposable
{
    public TemporaryModel(ResolvedNetwork? network = null, ulong seed = 1, byte[]? onnx = null, NamedWeights? weights = null)
    {
        network ??= Some.Network();
        var preprocessing = Some.Preprocessing(network.Spec.Input.Channels);
        weights ??= Some.Weights(network, seed);
        var classes = Some.Classes(network.Classes);
        Naive = new(network, weights, preprocessing);
        Folder = Directory.CreateTempSubdirectory("cnn-onnx-").FullName;
        var manifest = ModelPackage.Write(
            Folder,
            new()
            {
                Classes = classes,
                Network = network.Spec,
                Architecture = "custom",
                Preprocessing = preprocessing,
                Files = [],
                CreatedAt = DateTimeOffset.UnixEpoch,
            },
            onnx ?? new OnnxExporter().Export(network, weights, classes, preprocessing),
            weights);
        Model = new("some", 1, Folder, manifest, network);
    }

    public string Folder { get; }

    public LoadedModel Model { get; }

    public NaiveNetwork Naive { get; }

    public byte[] Pixels(ulong seed) => Some.Image(Model.Network, seed);

    public PixelBuffer Image(ulong seed) => Some.Buffer(Model.Network, Pixels(seed));

    /// <summary>Turns one bit in the middle of the ONNX file, or back.</summary>
    public void FlipBit()
    {
        var bytes = File.ReadAllBytes(Model.OnnxPath);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(Model.OnnxPath, bytes);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
