using CnnService.Torch.Batching;
using CnnService.Torch.Networks;
using CnnService.Torch.Training.Objectives;
using static TorchSharp.torch;

namespace CnnService.Torch.Training;

/// <summary>Loss and accuracy of a network over all images of a source, in evaluation mode and without gradients.</summary>
internal static class Evaluator
{
    private const int BatchSize = 64;

    internal static EpochSums Run(
        TorchNetwork network, Objective objective, ImageFeed source, BatchPipeline pipeline, CancellationToken cancel)
    {
        using var meter = new EpochMeter(network.Device, default);
        using var _ = no_grad();
        foreach (var batch in source.Batches(EpochOrder.Sequential(source.Count), BatchSize))
        {
            using (batch)
            {
                cancel.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                var logits = network.Forward(pipeline.Preprocess(batch.Pixels), ForwardMode.Evaluation);
                meter.Add(objective.Plain(logits, batch.Labels), logits, batch.Labels, objective);
            }
        }

        return meter.Read();
    }
}
