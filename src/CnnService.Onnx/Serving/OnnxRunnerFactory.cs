using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Onnx.Export;
using Microsoft.Extensions.Options;
using Microsoft.ML.OnnxRuntime;

namespace CnnService.Onnx.Serving;

/// <inheritdoc cref="IOnnxRunnerFactory"/>
internal sealed class OnnxRunnerFactory(IOptions<ServingOptions> options) : IOnnxRunnerFactory
{
    public Outcome<INetworkRunner> Load(byte[] onnx, Preprocessing preprocessing)
    {
        try
        {
            return Outcome.Success<INetworkRunner>(new Runner(new OnnxNetwork(onnx, preprocessing, options.Value.Threads)));
        }
        catch (OnnxRuntimeException refused)
        {
            return new Problem(ProblemKind.Unavailable, "model.corrupt", $"OnnxRuntime refuses the network: {refused.Message}");
        }
    }

    private sealed class Runner(OnnxNetwork network) : INetworkRunner
    {
        public float[] Logits(PixelBatch batch)
        {
            var size = batch.BytesPerPicture;
            return network.Run([.. Enumerable.Range(0, batch.Count).Select(i => batch.Data.Slice(i * size, size))], OnnxExporter.Logits, out _);
        }

        public void Dispose() => network.Dispose();
    }
}
