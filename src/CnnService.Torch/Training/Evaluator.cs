using CnnService.Core.Datasets;
using CnnService.Torch.Batching;
using CnnService.Torch.Networks;
using CnnService.Torch.Training.Objectives;
using static TorchSharp.torch;

namespace CnnService.Torch.Training;

/// <summary>Loss and accuracy of a network on all pictures of a source, in evaluation and without gradients.</summary>
internal static class Evaluator
{
    private const int BatchSize = 64;

    internal static EpochSums Run(TorchNetwork network, IPixelSource source, BatchPipeline pipeline, CancellationToken cancel)
    {
        using var meter = new EpochMeter(network.Device, default);
        using var reader = new BatchReader(source, EpochOrder.Sequential(source.Count), BatchSize);
        using var _ = no_grad();
        foreach (var batch in reader.Batches())
        {
            using (batch)
            {
                cancel.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                var labels = pipeline.Labels(batch);
                var logits = network.Forward(pipeline.Pictures(batch.Pixels, batch.Count), ForwardMode.Evaluation);
                meter.Add(Losses.CrossEntropy(logits, labels), logits, labels);
            }
        }

        return meter.Read();
    }
}
