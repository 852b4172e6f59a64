namespace CnnService.Core.Models;

/// <summary>How good a version's weights are, as measured while training.</summary>
/// <param name="Loss">Mean cross-entropy over the training pictures, nats.</param>
/// <param name="Accuracy">Over the training pictures, 0–1.</param>
/// <param name="ValidationLoss">NaN where nothing was validated.</param>
/// <param name="ValidationAccuracy">0–1; NaN where nothing was validated.</param>
/// <param name="TestLoss">Of the exported network on the test pictures, which nothing was chosen by; null where there are none.</param>
/// <param name="TestAccuracy">0–1, as <paramref name="TestLoss"/>.</param>
public sealed record ModelMetrics(
    double Loss, double Accuracy, double ValidationLoss, double ValidationAccuracy, double? TestLoss = null, double? TestAccuracy = null);
