using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Core.Training;
using CnnService.Core.Training.Fitting;
using CnnService.Torch.Batching;
using CnnService.Torch.Native;
using CnnService.Torch.Networks;
using static TorchSharp.torch;

namespace CnnService.Torch.Training;

/// <inheritdoc cref="IFeatureRunners"/>
internal sealed class FeatureRunners(IDevices devices) : IFeatureRunners
{
    public Outcome<FeatureRunner> Load(ResolvedNetwork network, NamedWeights weights, TrainingPlan plan) =>
        devices.Choose(plan.Device).Bind(device => PrecisionSelection.Choose(plan.Precision, device).Map(precision =>
        {
            HostPreparation.Prepare(plan, device);
            var (folded, fewer) = BatchNormalizationFolding.Fold(network, weights);
            var type = precision == Precision.Bfloat16 ? ScalarType.BFloat16 : ScalarType.Float32;
            var runner = new Runner(new(folded, fewer, device, type), plan.Preprocessing);
            return new FeatureRunner(runner, device.ToString(), precision);
        }));

    /// <summary>Runs a network that is frozen as a whole in the arithmetic of training.</summary>
    private sealed class Runner : INetworkRunner
    {
        private readonly TorchNetwork _network;
        private readonly BatchPipeline _pipeline;

        public Runner(TorchNetwork network, Preprocessing preprocessing)
        {
            _network = network;
            _network.Freeze(network.Network.Layers.Select(layer => layer.Name).ToHashSet(StringComparer.Ordinal));
            _pipeline = new(preprocessing, network.Device);
        }

        public float[] Logits(PixelBatch batch)
        {
            using var scope = NewDisposeScope();
            using var _ = no_grad();
            var bytes = tensor(batch.Data.ToArray(), [batch.Count, batch.Height, batch.Width, batch.Channels], device: _network.Device);
            var features = _network.Forward(_pipeline.Preprocess(bytes), ForwardMode.Training);
            return features.cpu().contiguous().data<float>().ToArray();
        }

        public void Dispose()
        {
            _pipeline.Dispose();
            _network.Dispose();
        }
    }
}
