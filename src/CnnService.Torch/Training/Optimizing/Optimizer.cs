using CnnService.Core.Models;
using CnnService.Core.Training;
using CnnService.Torch.Networks;
using static TorchSharp.torch;

namespace CnnService.Torch.Training.Optimizing;

/// <summary>
/// Updates parameters from their gradients with PyTorch's formulas, constants and order of operations. Own code, because the optimizer's
/// state is saved in checkpoints value by value and because the float32 master parameters are updated whatever the type of the computation.
/// Owns its state, not the parameters.
/// </summary>
internal abstract class Optimizer : IDisposable
{
    private readonly double? _clip;

    /// <param name="tensors">The network's tensors; the trainable ones are updated in place.</param>
    /// <param name="spec">The kind of optimizer and its constants.</param>
    /// <param name="rules">L2 penalties and learning rate factors of individual parameters.</param>
    /// <param name="clip">Largest global L2 norm of the gradients; null: no clipping.</param>
    protected Optimizer(NetworkTensors tensors, OptimizerSpec spec, ParameterRules rules, double? clip)
    {
        Spec = spec;
        _clip = clip;
        State = [
            .. tensors.Trained.Select(name => new OptimizedParameter(name, tensors[name], rules.PenaltyOf(name), rules.FactorOf(name)))];
        Parameters = [.. State.Select(parameter => parameter.Value)];
    }

    /// <summary>Number of steps done.</summary>
    internal long Steps { get; private set; }

    internal IList<Tensor> Parameters { get; }

    protected OptimizerSpec Spec { get; }

    /// <summary>The parameters with their state, in the order of <see cref="Parameters"/>.</summary>
    protected List<OptimizedParameter> State { get; }

    /// <summary>The optimizer of a plan: with fused kernels where the device has them, else parameter by parameter.</summary>
    internal static Optimizer Create(NetworkTensors tensors, OptimizerSpec spec, ParameterRules rules, double? clip) =>
        tensors.Trained is [var any, ..] && FusedOptimizer.Fits(tensors[any].device)
            ? new FusedOptimizer(tensors, spec, rules, clip)
            : CreatePlain(tensors, spec, rules, clip);

    /// <summary>The optimizer that moves one parameter at a time, with operations that every device has.</summary>
    internal static Optimizer CreatePlain(
        NetworkTensors tensors, OptimizerSpec spec, ParameterRules rules, double? clip) => spec.Name switch
        {
            OptimizerKind.Adam or OptimizerKind.Adamw => new AdamOptimizer(tensors, spec, rules, clip),
            OptimizerKind.Sgd => new SgdOptimizer(tensors, spec, rules, clip),
            OptimizerKind.Rmsprop => new RmspropOptimizer(tensors, spec, rules, clip),
            _ => throw new NotSupportedException($"There is no optimizer {spec.Name}."),
        };

    /// <summary>Updates all parameters.</summary>
    /// <param name="gradients">One for each of <see cref="Parameters"/>, of the same shape.</param>
    /// <param name="rate">The learning rate of this step.</param>
    internal void Step(IList<Tensor> gradients, double rate)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        Steps++;
        if (_clip is { } maxNorm)
        {
            gradients = GradientClip.Apply(gradients, maxNorm);
        }

        MoveAll(gradients, rate);
    }

    internal NamedWeights Snapshot(Func<OptimizedParameter, Tensor> part)
    {
        var values = new NamedWeights();
        State.ForEach(parameter => values.Add(parameter.Name, TensorValues.Read(part(parameter))));
        return values;
    }

    internal void Restore(long steps, NamedWeights first, NamedWeights second)
    {
        Steps = steps;
        foreach (var parameter in State)
        {
            TensorValues.Write(parameter.FirstMoment, first[parameter.Name]);
            TensorValues.Write(parameter.SecondMoment, second[parameter.Name]);
        }
    }

    public virtual void Dispose() => State.ForEach(parameter => parameter.Dispose());

    /// <summary>Updates all parameters; <see cref="Steps"/> already includes this step.</summary>
    /// <param name="gradients">One for each parameter, clipped; must not be modified.</param>
    /// <param name="rate">The learning rate of this step.</param>
    protected abstract void MoveAll(IList<Tensor> gradients, double rate);
}

/// <summary>A parameter with its optimizer state, two tensors of its shape. Owns the state, not the parameter.</summary>
/// <param name="name">As in the network.</param>
/// <param name="value">The parameter.</param>
/// <param name="l2">Factor of its L2 penalty; 0: none.</param>
/// <param name="rateFactor">Multiplies the learning rate.</param>
internal sealed class OptimizedParameter(string name, Tensor value, double l2, double rateFactor) : IDisposable
{
    internal string Name { get; } = name;

    internal Tensor Value { get; } = value;

    internal double L2 { get; } = l2;

    internal double RateFactor { get; } = rateFactor;

    /// <summary>Running mean of the gradient (Adam), or the momentum buffer.</summary>
    internal Tensor FirstMoment { get; } = zeros_like(value, requires_grad: false).DetachFromDisposeScope();

    /// <summary>Running mean of the squared gradient.</summary>
    internal Tensor SecondMoment { get; } = zeros_like(value, requires_grad: false).DetachFromDisposeScope();

    public void Dispose()
    {
        FirstMoment.Dispose();
        SecondMoment.Dispose();
    }
}
