
namespace CnnService.Torch.Training;

/// <summary>A loss or a weight is NaN or infinite. Does not leave the trainer, which returns a problem instead.</summary>
/// <param name="what">What was checked, as the subject of a sentence.</param>
/// <param name="epoch">One-based.</param>
/// <param name="step">Completed steps of the epoch.</param>
/// <param name="rate">Learning rate of the last step.</param>
/// <param name="tensor">The network's first tensor that is not finite either; null if there is none or it is what was checked.</param>
internal sealed class DivergedException(string what, int epoch, int step, double rate, string? tensor = null)
    : Exception(
        $"{what} is not finite after step {step} of epoch {epoch}{(tensor is null ? "" : $", and first of the weights the tensor "
            + $"'{tensor}'")}. The learning rate was {rate:g4}; try a lower one.");
