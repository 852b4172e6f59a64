using static TorchSharp.torch;

namespace CnnService.Torch.Training;

/// <summary>
/// Stops a training whose numbers are no longer finite, with a <see cref="DivergedException"/>. A sum stays NaN or infinite, so occasional
/// checks miss nothing, and no checkpoint with such values is ever saved.
/// </summary>
internal static class FiniteCheck
{
    internal static bool Holds(TrainingState state) => double.IsFinite(state.Meter.Read().Loss) && FindNonFinite(state) is null;

    internal static void CheckLoss(TrainingState state) => Require(double.IsFinite(state.Meter.Read().Loss), "The loss", state);

    internal static void CheckValidation(TrainingState state, EpochSums sums) =>
        Require(double.IsFinite(sums.Loss), "The validation loss", state);

    internal static void CheckWeights(TrainingState state)
    {
        if (FindNonFinite(state) is { } name)
        {
            throw new DivergedException($"The tensor '{name}'", state.Epoch + 1, state.Step, state.LearningRate);
        }
    }

    /// <summary>
    /// Name of the first tensor, in the network's order, that contains NaN or infinity; null if there is none. Waits once for the device.
    /// </summary>
    private static string? FindNonFinite(TrainingState state)
    {
        using var scope = NewDisposeScope();
        using var still = no_grad();
        var tensors = state.Network.Tensors.All.ToArray();
        var areFinite = stack([.. tensors.Select(tensor => isfinite(tensor.Value).all())]).cpu().data<bool>().ToArray();
        return tensors.Zip(areFinite).FirstOrDefault(pair => !pair.Second).First.Key;
    }

    private static void Require(bool holds, string what, TrainingState state)
    {
        if (!holds)
        {
            throw new DivergedException(what, state.Epoch + 1, state.Step, state.LearningRate, FindNonFinite(state));
        }
    }
}
