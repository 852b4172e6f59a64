using CnnService.Core.Models;

namespace CnnService.Core.Training;

/// <summary>Hears what a training does. Called on the training thread: return soon.</summary>
public interface ITrainingObserver
{
    /// <summary>Once, before the first step.</summary>
    /// <param name="device">"cpu" or "cuda:0".</param>
    /// <param name="precision">What "auto" became.</param>
    /// <param name="resumedEpoch">Epochs already done; 0 for a fresh start.</param>
    void Started(string device, Precision precision, int resumedEpoch);

    /// <summary>After every step (implementations thin it out).</summary>
    void Step(StepProgress progress);

    void Epoch(EpochMetrics metrics);

    /// <summary>The network as it is before the first step, and after each epoch before the checkpoint that ends it; of no interest to most.</summary>
    /// <param name="epoch">Epochs done.</param>
    /// <param name="copy">Copies the weights; of use during the call only.</param>
    void Weights(int epoch, Func<NamedWeights> copy)
    {
    }

    /// <summary>A checkpoint is durable on disk.</summary>
    /// <param name="epoch">Epochs done.</param>
    /// <param name="step">Steps done of the next one.</param>
    void Checkpoint(int epoch, int step);

    /// <summary>A sentence for people.</summary>
    void Log(string message);
}

/// <param name="Epoch">The epoch under way, from 1.</param>
/// <param name="Step">Steps done in it.</param>
/// <param name="Steps">Steps of an epoch.</param>
/// <param name="ImagesPerSecond">Over the last second; NaN during the first.</param>
/// <param name="Loss">Running mean of this epoch, NaN while not read back.</param>
public readonly record struct StepProgress(int Epoch, int Step, int Steps, double ImagesPerSecond, double Loss);
