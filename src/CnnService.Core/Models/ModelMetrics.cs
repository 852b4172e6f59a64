namespace CnnService.Core.Models;

/// <summary>How good a version's weights are, as measured while training.</summary>
/// <param name="Loss">Mean cross-entropy over the training pictures, nats.</param>
/// <param name="Accuracy">Over the training pictures, 0–1.</param>
/// <param name="ValidationLoss">NaN where nothing was validated.</param>
/// <param name="ValidationAccuracy">0–1; NaN where nothing was validated.</param>
public sealed record ModelMetrics(double Loss, double Accuracy, double ValidationLoss, double ValidationAccuracy);
