namespace CnnService.Core.Training;

/// <summary>The figures of one epoch.</summary>
/// <param name="Epoch">From 1.</param>
/// <param name="Loss">Mean training loss (cross-entropy, nats), as seen while training.</param>
/// <param name="Accuracy">Training accuracy, 0–1, as seen while training.</param>
/// <param name="ValidationLoss">NaN where nothing was validated.</param>
/// <param name="ValidationAccuracy">0–1; NaN where nothing was validated.</param>
/// <param name="LearningRate">At the end of the epoch.</param>
/// <param name="Seconds">Training part of the epoch, validation not included.</param>
/// <param name="ImagesPerSecond">Training images over <paramref name="Seconds"/>.</param>
public sealed record EpochMetrics(
    int Epoch,
    double Loss,
    double Accuracy,
    double ValidationLoss,
    double ValidationAccuracy,
    double LearningRate,
    double Seconds,
    double ImagesPerSecond);
