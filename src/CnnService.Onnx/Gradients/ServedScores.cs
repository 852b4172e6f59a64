using CnnService.Core.Common;
using CnnService.Core.Interpretation.Classes;
using CnnService.Core.Models;
using CnnService.Onnx.Export;
using CnnService.Onnx.Serving;
using Microsoft.Extensions.Options;
using Microsoft.ML.OnnxRuntime;

namespace CnnService.Onnx.Gradients;

/// <inheritdoc cref="IServedScores"/>
internal sealed class ServedScores(IOptions<ServingOptions> options) : IServedScores, IDisposable
{
    /// <summary>Largest number of networks kept open.</summary>
    internal const int Capacity = 3;

    private readonly LeasedPool<string, OnnxNetwork> _networks = new(new() { MaxCount = Capacity }, network => network.Dispose());

    public Outcome<float[]> Logits(LoadedModel model, IReadOnlyList<ReadOnlyMemory<byte>> images, bool onGpu = false)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(images);
        var file = model.Manifest.Files.First(file => file.Name == ModelPackage.OnnxFile).Sha256;
        return _networks.Use(onGpu ? $"{file} on gpu" : file, () => Open(model, onGpu), network => Run(network, images, onGpu));
    }

    public void Dispose() => _networks.Dispose();

    private static Outcome<float[]> Run(OnnxNetwork network, IReadOnlyList<ReadOnlyMemory<byte>> images, bool onGpu)
    {
        try
        {
            return network.Run(images, OnnxExporter.Logits, out _);
        }
        catch (OnnxRuntimeException failure)
        {
            return GpuShortage.Find(failure.Message, onGpu) ?? Problem.Unprocessable(
                "explain.failed", $"OnnxRuntime cannot run the network on this image: {failure.Message}");
        }
    }

    private Outcome<OnnxNetwork> Open(LoadedModel model, bool onGpu) => model.RequireClasses().Bind(ModelFile.Read).Bind(file => onGpu
        ? OpenOnGpu(model, file)
        : OnnxNetwork.Open(file, model.Manifest.Preprocessing, options.Value.Threads));

    /// <summary>What the GPU refuses says nothing against the file, which the processor runs.</summary>
    private Outcome<OnnxNetwork> OpenOnGpu(LoadedModel model, byte[] file) => OnnxNetwork.Open(
        file, model.Manifest.Preprocessing, options.Value.Threads, RunTarget.From(ServingDevice.Cuda, options.Value.Cuda))
        .Match<Outcome<OnnxNetwork>>(
            network => network,
            problem => GpuShortage.Find(problem.Detail, onGpu: true) ?? Problem.Unprocessable("explain.failed", problem.Detail));
}
