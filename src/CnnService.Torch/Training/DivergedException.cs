namespace CnnService.Torch.Training;

/// <summary>A loss or a weight is no finite number any more. Stays inside the trainer, which answers with a problem.</summary>
internal sealed class DivergedException(string what, int epoch, int step)
    : Exception($"{what} is not finite after step {step} of epoch {epoch}.");
