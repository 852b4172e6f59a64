using CnnService.Core.Common;
using CnnService.Core.Training;
using CnnService.Torch.Augmenting;
using CnnService.Torch.Batching;
using CnnService.Torch.Networks;
using CnnService.Torch.Training.Objectives;
using static TorchSharp.torch;

namespace CnnService.Torch.Training;

/// <summary>
/// The steps of one epoch. None waits for the device: what the host draws for them is uploaded before, and nothing is read back. Owns what
/// it uploads.
/// </summary>
internal sealed class EpochSteps : IDisposable
{
    private const ulong DropoutPurpose = 0x44524F504F555431; // "DROPOUT1"

    private readonly TrainingPlan _plan;
    private readonly TrainingState _state;
    private readonly BatchPipeline _pipeline;
    private readonly AugmentedEpoch? _augmented;
    private readonly Mixup _mixup;

    /// <param name="plan">The plan, whose batch size the batches have.</param>
    /// <param name="state">Changed by each step.</param>
    /// <param name="pipeline">Prepares the images.</param>
    /// <param name="order">Indices of the images, in the order of the steps.</param>
    internal EpochSteps(TrainingPlan plan, TrainingState state, BatchPipeline pipeline, int[] order)
    {
        (_plan, _state, _pipeline) = (plan, state, pipeline);
        Count = (order.Length + plan.BatchSize - 1) / plan.BatchSize;
        _augmented = pipeline.Begin(order, state.Epoch);
        _mixup = new(plan.Mixup, (plan.Seed, state.Epoch), order.Length, plan.BatchSize, state.Network.Device);
    }

    /// <summary>Number of steps.</summary>
    internal int Count { get; }

    /// <summary>Forward, backward and update with one batch, that of the state's step.</summary>
    internal void Run(Batch batch)
    {
        using var scope = NewDisposeScope();
        var images = _pipeline.AugmentAndPreprocess(batch, _augmented);
        var (mixed, targets) = _mixup.Apply(images, batch.Labels, _state.Step);
        var dropout = CounterRandom.Hash((ulong)_plan.Seed, DropoutPurpose, (ulong)_state.Epoch, (ulong)_state.Step);
        var logits = _state.Network.Forward(mixed, ForwardMode.Training, dropout);
        var loss = _state.Objective.Loss(logits, targets);
        _state.LearningRate = LearningRates.At(_plan, _state.History, _state.Step, Count);
        _state.Optimizer.Step(Gradients.Compute(loss, _state.Optimizer.Parameters), _state.LearningRate);
        _state.Meter.Add(loss, logits, targets.Labels, _state.Objective);
    }

    public void Dispose()
    {
        _augmented?.Dispose();
        _mixup.Dispose();
    }
}
