using CnnService.Torch.Networks;
using static TorchSharp.torch;

namespace CnnService.Torch.Interpretation;

/// <summary>RMSProp as gradient ascent with gradients normalized to length 1; remembers the best position. Owns two tensors.</summary>
internal sealed class ArticleOptimizer : IDisposable
{
    private const double Memory = 0.95;
    private const double Epsilon = 1e-7;
    private const double MinLength = 1e-30;

    private readonly Tensor _position;
    private readonly Tensor _squares;
    private readonly Tensor _best;
    private readonly double _rate;
    private double _bestScore = double.NegativeInfinity;

    /// <param name="position">The tensor to optimize; updated in place by <see cref="Step"/>. Not owned.</param>
    /// <param name="rate">Learning rate, in units of the position.</param>
    internal ArticleOptimizer(Tensor position, double rate)
    {
        using var still = no_grad();
        (_position, _rate) = (position, rate);
        _squares = zeros_like(position, requires_grad: false).DetachFromDisposeScope();
        _best = position.clone().DetachFromDisposeScope();
    }

    /// <param name="score">The objective at the current position, without penalty terms.</param>
    /// <param name="gradient">Gradient of the penalized objective at the current position.</param>
    internal void Step(double score, Tensor gradient)
    {
        using var still = no_grad();
        using var scope = NewDisposeScope();
        if (score > _bestScore)
        {
            _bestScore = score;
            _best.copy_(_position);
        }

        var direction = gradient.div(gradient.mul(gradient).sum().sqrt().clamp(OwnedScalars.Create(MinLength)));
        _squares.mul_(OwnedScalars.Create(Memory)).addcmul_(direction, direction, OwnedScalars.Create(1 - Memory));
        _position.addcdiv_(direction, _squares.add(OwnedScalars.Create(Epsilon), OwnedScalars.One).sqrt(), OwnedScalars.Create(_rate));
    }

    internal void TakeBest()
    {
        using var still = no_grad();
        _position.copy_(_best);
    }

    public void Dispose()
    {
        _squares.Dispose();
        _best.Dispose();
    }
}
