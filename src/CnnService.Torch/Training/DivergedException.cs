using System.Globalization;

namespace CnnService.Torch.Training;

/// <summary>A loss or a weight is no finite number any more. Stays inside the trainer, which answers with a problem.</summary>
/// <param name="what">What was looked at.</param>
/// <param name="epoch">From 1.</param>
/// <param name="step">Steps done in it.</param>
/// <param name="rate">The learning rate of the last step.</param>
/// <param name="tensor">The network's first tensor that is not finite either; null where all are, or where it is what was looked at.</param>
internal sealed class DivergedException(string what, int epoch, int step, double rate, string? tensor = null)
    : Exception(string.Create(
        CultureInfo.InvariantCulture,
        $"{what} is not finite after step {step} of epoch {epoch}{(tensor is null ? "" : $", and first of the weights the tensor '{tensor}'")}. The learning rate was {rate:g4}; try a lower one."));
