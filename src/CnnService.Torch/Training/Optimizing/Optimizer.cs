using CnnService.Core.Models;
using CnnService.Core.Training;
using CnnService.Torch.Networks;
using static TorchSharp.torch;

namespace CnnService.Torch.Training.Optimizing;

/// <summary>
/// Moves parameters along their gradients, with PyTorch's formulas, constants and order of operations. Written here because
/// its state has to go into checkpoints value by value, and because it works on float32 masters whatever the arithmetic's type.
/// Owns its state, not the parameters.
/// </summary>
internal abstract class Optimizer : IDisposable
{
    private readonly List<OptimizedParameter> _parameters;
    private readonly double? _clip;

    /// <param name="tensors">The network's.</param>
    /// <param name="spec">Which, and its constants.</param>
    /// <param name="rules">What single parameters have of their own.</param>
    /// <param name="clip">Largest length of the whole gradient; null: any.</param>
    protected Optimizer(NetworkTensors tensors, OptimizerSpec spec, ParameterRules rules, double? clip)
    {
        Spec = spec;
        _clip = clip;
        _parameters = [.. tensors.Trained.Select(name => new OptimizedParameter(name, tensors[name], rules.PenaltyOf(name), rules.FactorOf(name)))];
        Parameters = [.. _parameters.Select(parameter => parameter.Value)];
    }

    /// <summary>Steps done.</summary>
    internal long Steps { get; private set; }

    internal IList<Tensor> Parameters { get; }

    protected OptimizerSpec Spec { get; }

    internal static Optimizer Create(
        NetworkTensors tensors, OptimizerSpec spec, ParameterRules rules, double? clip) => spec.Name switch
        {
            OptimizerKind.Adam or OptimizerKind.Adamw => new AdamOptimizer(tensors, spec, rules, clip),
            OptimizerKind.Sgd => new SgdOptimizer(tensors, spec, rules, clip),
            OptimizerKind.Rmsprop => new RmspropOptimizer(tensors, spec, rules, clip),
            _ => throw new NotSupportedException($"There is no optimizer {spec.Name}."),
        };

    /// <param name="gradients">One for each of <see cref="Parameters"/>.</param>
    /// <param name="rate">The learning rate of this step.</param>
    internal void Step(IList<Tensor> gradients, double rate)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        Steps++;
        if (_clip is { } most)
        {
            gradients = GradientClip.Apply(gradients, most);
        }

        for (var i = 0; i < _parameters.Count; i++)
        {
            using var inner = NewDisposeScope();
            Move(_parameters[i], Penalized(_parameters[i], gradients[i]), rate * _parameters[i].RateFactor);
        }
    }

    internal NamedWeights Snapshot(Func<OptimizedParameter, Tensor> part)
    {
        var values = new NamedWeights();
        _parameters.ForEach(parameter => values.Add(parameter.Name, TensorValues.Read(part(parameter))));
        return values;
    }

    internal void Restore(long steps, NamedWeights first, NamedWeights second)
    {
        Steps = steps;
        foreach (var parameter in _parameters)
        {
            TensorValues.Write(parameter.First, first[parameter.Name]);
            TensorValues.Write(parameter.Second, second[parameter.Name]);
        }
    }

    public void Dispose() => _parameters.ForEach(parameter => parameter.Dispose());

    /// <summary>One parameter's step; <see cref="Steps"/> counts it already.</summary>
    /// <param name="parameter">What to move.</param>
    /// <param name="gradient">With the L2 penalty and, but for AdamW, the weight decay in it. Not to be changed.</param>
    /// <param name="rate">Of this step.</param>
    protected abstract void Move(OptimizedParameter parameter, Tensor gradient, double rate);

    private Tensor Penalized(OptimizedParameter parameter, Tensor gradient)
    {
        var decay = (Spec.Name == OptimizerKind.Adamw ? 0 : Spec.WeightDecay) + (2 * parameter.L2);
        return decay > 0 ? gradient.add(parameter.Value, Scalars.Of(decay)) : gradient;
    }
}

/// <summary>A parameter and two numbers of memory for each of its own. Owns those two, not the parameter.</summary>
/// <param name="name">As in the network.</param>
/// <param name="l2">Its penalty.</param>
/// <param name="rateFactor">Of the learning rate.</param>
internal sealed class OptimizedParameter(string name, Tensor value, double l2, double rateFactor) : IDisposable
{
    internal string Name { get; } = name;

    internal Tensor Value { get; } = value;

    internal double L2 { get; } = l2;

    internal double RateFactor { get; } = rateFactor;

    /// <summary>Running mean of the gradient, or its momentum.</summary>
    internal Tensor First { get; } = zeros_like(value, requires_grad: false).DetachFromDisposeScope();

    /// <summary>Running mean of the gradient's square.</summary>
    internal Tensor Second { get; } = zeros_like(value, requires_grad: false).DetachFromDisposeScope();

    public void Dispose()
    {
        First.Dispose();
        Second.Dispose();
    }
}
