using CnnService.Torch.Networks;
using static TorchSharp.torch;

namespace CnnService.Torch.Training.Optimizing;

/// <summary>Shortens a gradient that is too long, all parameters together (Pascanu et al., 2013). Nothing is read back from the device.</summary>
internal static class GradientClip
{
    private const double Epsilon = 1e-6; // PyTorch's.

    /// <summary>The same gradients, or the same times one number below 1; new tensors in the caller's dispose scope.</summary>
    internal static IList<Tensor> Apply(IList<Tensor> gradients, double most)
    {
        using var scope = NewDisposeScope();
        var lengths = stack([.. gradients.Select(gradient => gradient.norm())]);
        var factor = lengths.norm().add(Scalars.Of(Epsilon), Scalars.One).reciprocal().mul(Scalars.Of(most)).clamp_max(Scalars.One);
        return [.. gradients.Select(gradient => gradient.mul(factor).MoveToOuterDisposeScope())];
    }
}
