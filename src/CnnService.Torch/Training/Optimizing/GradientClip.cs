using CnnService.Torch.Networks;
using static TorchSharp.torch;

namespace CnnService.Torch.Training.Optimizing;

/// <summary>
/// Clips the global norm of the gradients of all parameters (Pascanu et al., 2013), without synchronizing with the device.
/// </summary>
internal static class GradientClip
{
    private const double Epsilon = 1e-6; // PyTorch's.

    /// <summary>
    /// The gradients, scaled by one common factor if their global L2 norm exceeds <paramref name="maxNorm"/>; new tensors in the caller's
    /// dispose scope.
    /// </summary>
    internal static IList<Tensor> Apply(IList<Tensor> gradients, double maxNorm)
    {
        using var scope = NewDisposeScope();
        var lengths = stack([.. gradients.Select(gradient => gradient.norm())]);
        var factor = lengths.norm().add(OwnedScalars.Create(Epsilon), OwnedScalars.One).reciprocal().mul(OwnedScalars.Create(maxNorm))
            .clamp_max(OwnedScalars.One);
        return [.. gradients.Select(gradient => gradient.mul(factor).MoveToOuterDisposeScope())];
    }
}
