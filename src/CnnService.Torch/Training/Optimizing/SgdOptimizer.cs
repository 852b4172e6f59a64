using CnnService.Core.Training;
using CnnService.Torch.Networks;

namespace CnnService.Torch.Training.Optimizing;

/// <summary>Stochastic gradient descent with momentum, plain or in Nesterov's form.</summary>
internal sealed class SgdOptimizer(NetworkTensors tensors, OptimizerSpec spec, IReadOnlyDictionary<string, double> penalties, double? clip)
    : Optimizer(tensors, spec, penalties, clip)
{
    protected override void Move(OptimizedParameter parameter, TorchSharp.torch.Tensor gradient, double rate)
    {
        var momentum = Spec.MomentumOrDefault;
        if (momentum == 0)
        {
            parameter.Value.add_(gradient, -rate);
            return;
        }

        parameter.First.mul_(momentum).add_(gradient);
        parameter.Value.add_(Spec.Nesterov ? gradient.add(parameter.First, momentum) : parameter.First, -rate);
    }
}
