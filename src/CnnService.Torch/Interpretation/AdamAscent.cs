using CnnService.Torch.Networks;
using static TorchSharp.torch;

namespace CnnService.Torch.Interpretation;

/// <summary>Adam (Kingma and Ba, 2015) as gradient ascent on a single tensor. Owns the two moment tensors; dispose it with them.</summary>
internal sealed class AdamAscent : IDisposable
{
    private const double Rate = 0.05;
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.999;
    private const double Epsilon = 1e-8;

    private readonly Tensor _target;
    private readonly Tensor _mean;
    private readonly Tensor _square;
    private int _steps;

    /// <param name="target">The tensor to optimize; updated in place by <see cref="Step"/>. Not owned.</param>
    internal AdamAscent(Tensor target)
    {
        _target = target;
        _mean = zeros_like(target, requires_grad: false).DetachFromDisposeScope();
        _square = zeros_like(target, requires_grad: false).DetachFromDisposeScope();
    }

    internal void Step(Tensor gradient)
    {
        using var still = no_grad();
        using var scope = NewDisposeScope();
        _steps++;
        _mean.mul_(OwnedScalars.Create(Beta1)).add_(gradient, alpha: OwnedScalars.Create(1 - Beta1));
        _square.mul_(OwnedScalars.Create(Beta2)).addcmul_(gradient, gradient, OwnedScalars.Create(1 - Beta2));
        var spread = _square.sqrt().div_(OwnedScalars.Create(Math.Sqrt(1 - Math.Pow(Beta2, _steps))))
            .add_(OwnedScalars.Create(Epsilon), OwnedScalars.One);
        _target.addcdiv_(_mean, spread, OwnedScalars.Create(Rate / (1 - Math.Pow(Beta1, _steps))));
    }

    public void Dispose()
    {
        _mean.Dispose();
        _square.Dispose();
    }
}
