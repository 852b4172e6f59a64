using CnnService.Core.Training;
using CnnService.Torch.Networks;

namespace CnnService.Torch.Training.Optimizing;

/// <summary>Stochastic gradient descent with optional momentum, classical or Nesterov.</summary>
internal sealed class SgdOptimizer(NetworkTensors tensors, OptimizerSpec spec, ParameterRules rules, double? clip)
    : PlainOptimizer(tensors, spec, rules, clip)
{
    protected override void Move(OptimizedParameter parameter, TorchSharp.torch.Tensor gradient, double rate)
    {
        var momentum = Spec.MomentumOrDefault;
        if (momentum == 0)
        {
            parameter.Value.add_(gradient, OwnedScalars.Create(-rate));
            return;
        }

        parameter.FirstMoment.mul_(OwnedScalars.Create(momentum)).add_(gradient, OwnedScalars.One);
        parameter.Value.add_(Spec.Nesterov ? gradient.add(parameter.FirstMoment, OwnedScalars.Create(momentum)) : parameter.FirstMoment,
            OwnedScalars.Create(-rate));
    }
}
