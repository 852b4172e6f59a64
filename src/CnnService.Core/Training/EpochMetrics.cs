namespace CnnService.Core.Training;

/// <summary>Metrics of one epoch.</summary>
/// <param name="Epoch">From 1.</param>
/// <param name="Loss">Mean training loss (cross-entropy, nats), measured while the weights change.</param>
/// <param name="Accuracy">Training accuracy, 0–1, measured while the weights change.</param>
/// <param name="ValidationLoss">Nats; NaN where nothing was validated.</param>
/// <param name="ValidationAccuracy">0–1; NaN where nothing was validated.</param>
/// <param name="LearningRate">At the end of the epoch.</param>
/// <param name="Seconds">Duration of the training part, without validation.</param>
/// <param name="ImagesPerSecond">Training images per second of <paramref name="Seconds"/>.</param>
public sealed record EpochMetrics(
    int Epoch,
    double Loss,
    double Accuracy,
    double ValidationLoss,
    double ValidationAccuracy,
    double LearningRate,
    double Seconds,
    double ImagesPerSecond);
