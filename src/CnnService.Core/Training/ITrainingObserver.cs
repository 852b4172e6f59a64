using CnnService.Core.Models;

namespace CnnService.Core.Training;

/// <summary>
/// Receives the events of a training. Called synchronously on the training thread, so implementations must return quickly.
/// </summary>
public interface ITrainingObserver
{
    /// <summary>Called once, before the first step.</summary>
    /// <param name="device">"cpu" or "cuda:0".</param>
    /// <param name="precision">The precision used; never auto.</param>
    /// <param name="resumedEpoch">Epochs already done; 0 for a fresh start.</param>
    void Started(string device, Precision precision, int resumedEpoch);

    /// <summary>Called after every step; implementations reduce the rate where needed.</summary>
    void Step(StepProgress progress);

    void Epoch(EpochMetrics metrics);

    /// <summary>Called before the first step, and after each epoch before the checkpoint that ends it. Does nothing by default.</summary>
    /// <param name="epoch">Epochs done.</param>
    /// <param name="copy">Copies the current weights; valid during the call only.</param>
    void Weights(int epoch, Func<NamedWeights> copy)
    {
    }

    /// <summary>A checkpoint has been written durably.</summary>
    /// <param name="epoch">Epochs done.</param>
    /// <param name="step">Steps done of the next epoch.</param>
    void Checkpoint(int epoch, int step);

    /// <summary>
    /// Whether the training is to end now with the best epoch so far, or, before there is one, with the first. False by default. Asked
    /// between steps.
    /// </summary>
    bool EndsEarly => false;

    /// <summary>A part of the run begins. Does nothing by default.</summary>
    void Begin(RunPart part)
    {
    }

    /// <summary>Called as a part that works on images goes on, and begins it where it has not begun. Does nothing by default.</summary>
    /// <param name="part">The part.</param>
    /// <param name="done">Images done.</param>
    /// <param name="total">All images, at least one.</param>
    void Advance(RunPart part, int done, int total)
    {
    }

    /// <summary>What the run is at, from its first second to its last. Does nothing by default.</summary>
    void Part(PartProgress progress)
    {
    }

    /// <summary>A message in plain language.</summary>
    void Log(string message);
}

/// <param name="Epoch">The current epoch, from 1.</param>
/// <param name="Step">Steps done in it.</param>
/// <param name="Steps">Steps per epoch.</param>
/// <param name="ImagesPerSecond">Over the last second; NaN during the first.</param>
/// <param name="Loss">Running mean over this epoch; NaN until it has been read back from the device.</param>
public readonly record struct StepProgress(int Epoch, int Step, int Steps, double ImagesPerSecond, double Loss);
