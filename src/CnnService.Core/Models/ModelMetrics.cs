namespace CnnService.Core.Models;

/// <summary>Metrics of a version's weights, as measured during training.</summary>
/// <param name="Loss">Mean cross-entropy over the training images, nats.</param>
/// <param name="Accuracy">Over the training images, 0–1.</param>
/// <param name="ValidationLoss">Nats; null where nothing was validated.</param>
/// <param name="ValidationAccuracy">0–1; null where nothing was validated.</param>
/// <param name="TestLoss">Of the exported network on the test images, which no choice was based on; null where there are none.</param>
/// <param name="TestAccuracy">0–1, as <paramref name="TestLoss"/>.</param>
public sealed record ModelMetrics(
    double Loss, double Accuracy, double? ValidationLoss, double? ValidationAccuracy, double? TestLoss = null, double? TestAccuracy = null);
