using CnnService.Core.Common;
using CnnService.Core.Training;
using CnnService.Torch.Batching;
using CnnService.Torch.Networks;
using CnnService.Torch.Training.Objectives;
using static TorchSharp.torch;

namespace CnnService.Torch.Training;

/// <summary>
/// The training loop: validates and saves a checkpoint after each epoch. Cancellation takes effect between two steps, saves a checkpoint
/// and lets the training resume there.
/// </summary>
internal sealed class TrainingLoop(
    TrainingPlan plan,
    TrainingState state,
    TrainingData data,
    CheckpointSaver keeper,
    ITrainingObserver observer,
    TimeProvider time)
{
    private const int StepsBetweenFiniteChecks = 20;
    private const ulong DropoutPurpose = 0x44524F504F555431; // "DROPOUT1"

    private readonly ThroughputMeter _throughput = new(time);
    private readonly int _steps = (data.Training.Count + plan.BatchSize - 1) / plan.BatchSize;
    private double _reportedLoss = double.NaN;
    private long _lastTimestamp;

    internal void Run(CancellationToken cancel)
    {
        try
        {
            if (state is { Epoch: 0, Step: 0 })
            {
                observer.Weights(0, state.Network.Tensors.Snapshot);
            }

            while (state.Epoch < plan.Epochs && !EpochSelection.ShouldStop(state.History, plan.EarlyStopping))
            {
                RunSteps(cancel);
                CompleteEpoch(cancel);
            }
        }
        catch (OperationCanceledException)
        {
            keeper.Save();
            throw;
        }
    }

    private void RunSteps(CancellationToken cancel)
    {
        _lastTimestamp = time.GetTimestamp();
        _throughput.Restart();
        var order = EpochOrder.Shuffled(data.Training.Count, plan.Seed, state.Epoch);
        foreach (var batch in data.Training.Batches(order, plan.BatchSize, skip: state.Step))
        {
            using (batch)
            {
                cancel.ThrowIfCancellationRequested();
                Step(batch);
                state.Step++;
                AddElapsed();
                Report(batch.Count);
            }

            if (state.Step % StepsBetweenFiniteChecks == 0)
            {
                FiniteCheck.CheckLoss(state);
            }

            keeper.SaveIfDue();
        }
    }

    private void Step(Batch batch)
    {
        using var scope = NewDisposeScope();
        var images = data.Pipeline.AugmentAndPreprocess(batch, state.Epoch);
        var (mixed, targets) = Mixup.Apply(images, batch.Labels, plan.Mixup, (plan.Seed, state.Epoch, state.Step));
        var dropout = CounterRandom.Hash((ulong)plan.Seed, DropoutPurpose, (ulong)state.Epoch, (ulong)state.Step);
        var logits = state.Network.Forward(mixed, ForwardMode.Training, dropout);
        var loss = state.Objective.Loss(logits, targets);
        state.LearningRate = LearningRates.At(plan, state.History, state.Step, _steps);
        state.Optimizer.Step(autograd.grad([loss], state.Optimizer.Parameters), state.LearningRate);
        state.Meter.Add(loss, logits, targets.Labels);
    }

    private void CompleteEpoch(CancellationToken cancel)
    {
        FiniteCheck.CheckLoss(state);
        FiniteCheck.CheckWeights(state);
        AddElapsed();
        var seen = state.Meter.Read();
        var validated = IsValidated(state.Epoch + 1)
            ? Evaluator.Run(state.Network, data.Validation, data.Pipeline, cancel)
            : default;
        FiniteCheck.CheckValidation(state, validated);
        var metrics = new EpochMetrics(
            state.Epoch + 1,
            seen.MeanLoss,
            seen.Accuracy,
            validated.MeanLoss,
            validated.Accuracy,
            LearningRates.At(plan, state.History, _steps - 1, _steps),
            state.EpochSeconds,
            seen.Images / state.EpochSeconds);
        state.Complete(metrics);
        observer.Epoch(metrics);
        observer.Weights(metrics.Epoch, state.Network.Tensors.Snapshot);
        keeper.Save();
    }

    private bool IsValidated(int epoch) => data.Validation.Count > 0 && (epoch % plan.ValidateEvery == 0 || epoch == plan.Epochs);

    /// <summary>Reading the loss synchronizes with the device, so it happens only about once per second.</summary>
    private void Report(int images)
    {
        if (_throughput.Add(images))
        {
            _reportedLoss = state.Meter.Read().MeanLoss;
        }

        observer.Step(new(state.Epoch + 1, state.Step, _steps, _throughput.ImagesPerSecond, _reportedLoss));
    }

    private void AddElapsed()
    {
        var now = time.GetTimestamp();
        state.EpochSeconds += time.GetElapsedTime(_lastTimestamp, now).TotalSeconds;
        _lastTimestamp = now;
    }
}

/// <summary>The training and validation data and the pipeline that prepares them. Owned by the caller.</summary>
internal sealed record TrainingData(ImageFeed Training, ImageFeed Validation, BatchPipeline Pipeline);
