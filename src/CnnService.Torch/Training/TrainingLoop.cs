using CnnService.Core.Training;
using CnnService.Torch.Batching;

namespace CnnService.Torch.Training;

/// <summary>
/// The training loop: validates after each epoch, and saves a checkpoint as long as that takes little of the time. Every end of it saves
/// one; cancellation takes effect between two steps and lets the training resume there.
/// </summary>
internal sealed class TrainingLoop(
    TrainingPlan plan,
    TrainingState state,
    TrainingData data,
    CheckpointSaver keeper,
    ITrainingObserver observer,
    TimeProvider time)
{
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

            while (!IsFinished && RunSteps(cancel))
            {
                CompleteEpoch(cancel);
            }

            keeper.SaveAtEnd();
        }
        catch (OperationCanceledException)
        {
            keeper.Save();
            throw;
        }
    }

    private bool IsFinished =>
        state.Epoch >= plan.Epochs || EndsEarly || EpochSelection.ShouldStop(state.History, plan.EarlyStopping);

    /// <summary>There is an epoch to keep, and no more are wanted.</summary>
    private bool EndsEarly => state.History.Count > 0 && observer.EndsEarly;

    /// <summary>Runs the steps of an epoch; false if it is given up because the training ends early.</summary>
    private bool RunSteps(CancellationToken cancel)
    {
        _lastTimestamp = time.GetTimestamp();
        _throughput.Restart();
        var order = EpochOrder.Shuffled(data.Training.Count, plan.Seed, state.Epoch);
        using var steps = new EpochSteps(plan, state, data.Pipeline, order);
        foreach (var batch in data.Training.Batches(order, plan.BatchSize, skip: state.Step))
        {
            using (batch)
            {
                cancel.ThrowIfCancellationRequested();
                if (EndsEarly)
                {
                    return false;
                }

                steps.Run(batch);
                state.Step++;
                AddElapsed();
                Report(batch.Count);
            }

            keeper.SaveIfDue();
        }

        return true;
    }

    private void CompleteEpoch(CancellationToken cancel)
    {
        FiniteCheck.CheckLoss(state);
        FiniteCheck.CheckWeights(state);
        AddElapsed();
        var seen = state.Meter.Read();
        var validated = IsValidated(state.Epoch + 1)
            ? Evaluator.Run(state.Network, state.Objective, data.Validation, data.Pipeline, cancel)
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
        if (!IsFinished)
        {
            keeper.SaveAfterEpoch();
        }
    }

    private bool IsValidated(int epoch) => data.Validation.Count > 0 && (epoch % plan.ValidateEvery == 0 || epoch == plan.Epochs);

    /// <summary>Reading the loss waits for the device, so it happens, and is checked, only about once per second.</summary>
    private void Report(int images)
    {
        if (_throughput.Add(images))
        {
            FiniteCheck.CheckLoss(state);
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
