using CnnService.Core.Training;
using CnnService.Torch.Networks;
using static TorchSharp.torch;

namespace CnnService.Torch.Training.Optimizing;

/// <summary>An optimizer that moves one parameter after the other, with operations that every device has.</summary>
internal abstract class PlainOptimizer(NetworkTensors tensors, OptimizerSpec spec, ParameterRules rules, double? clip)
    : Optimizer(tensors, spec, rules, clip)
{
    protected sealed override void MoveAll(IList<Tensor> gradients, double rate)
    {
        for (var i = 0; i < State.Count; i++)
        {
            using var inner = NewDisposeScope();
            Move(State[i], AddPenalty(State[i], gradients[i]), rate * State[i].RateFactor);
        }
    }

    /// <summary>Updates one parameter; <see cref="Optimizer.Steps"/> already includes this step.</summary>
    /// <param name="parameter">Updated in place, with its state.</param>
    /// <param name="gradient">Includes the L2 penalty and, except for AdamW, the weight decay. Must not be modified.</param>
    /// <param name="rate">The parameter's learning rate in this step.</param>
    protected abstract void Move(OptimizedParameter parameter, Tensor gradient, double rate);

    private Tensor AddPenalty(OptimizedParameter parameter, Tensor gradient)
    {
        var decay = (Spec.Name == OptimizerKind.Adamw ? 0 : Spec.WeightDecay) + (2 * parameter.L2);
        return decay > 0 ? gradient.add(parameter.Value, OwnedScalars.Create(decay)) : gradient;
    }
}
