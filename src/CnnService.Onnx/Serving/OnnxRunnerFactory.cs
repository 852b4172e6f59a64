using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Onnx.Export;
using Microsoft.Extensions.Options;

namespace CnnService.Onnx.Serving;

/// <inheritdoc cref="IOnnxRunnerFactory"/>
internal sealed class OnnxRunnerFactory(IOptions<ServingOptions> options) : IOnnxRunnerFactory
{
    public Outcome<INetworkRunner> Load(byte[] onnx, Preprocessing preprocessing, string? output = null) =>
        OnnxNetwork.Open(onnx, preprocessing, options.Value.Threads)
            .Bind(network => Outcome.Success<INetworkRunner>(new Runner(network, output)));

    private sealed class Runner(OnnxNetwork network, string? output) : INetworkRunner
    {
        private string Wanted =>
            output ?? (network.Outputs.Contains(OnnxExporter.Logits) ? OnnxExporter.Logits : network.Outputs[0]);

        public float[] Logits(PixelBatch batch) => Run(batch, Wanted)[0];

        public (float[] Logits, float[]? Familiarity) Judge(PixelBatch batch) =>
            output is null && network.Outputs.Contains(OnnxExporter.Familiarity)
            && Run(batch, Wanted, OnnxExporter.Familiarity) is [var logits, var familiarity] ? (logits, familiarity)
            : (Logits(batch), null);

        private float[][] Run(PixelBatch batch, params string[] outputs)
        {
            var size = batch.BytesPerImage;
            return network.Run([.. Enumerable.Range(0, batch.Count).Select(i => batch.Data.Slice(i * size, size))], outputs);
        }

        public void Dispose() => network.Dispose();
    }
}
