using CnnService.Core.Training;
using CnnService.Torch.Networks;

namespace CnnService.Torch.Training.Optimizing;

/// <summary>RMSprop (Hinton, 2012), with optional momentum.</summary>
internal sealed class RmspropOptimizer(NetworkTensors tensors, OptimizerSpec spec, ParameterRules rules, double? clip)
    : Optimizer(tensors, spec, rules, clip)
{
    private const double Alpha = 0.99;
    private const double Epsilon = 1e-8;

    protected override void Move(OptimizedParameter parameter, TorchSharp.torch.Tensor gradient, double rate)
    {
        parameter.Second.mul_(Scalars.Of(Alpha)).addcmul_(gradient, gradient, Scalars.Of(1 - Alpha));
        var root = parameter.Second.sqrt().add_(Scalars.Of(Epsilon), Scalars.One);
        var momentum = Spec.MomentumOrDefault;
        if (momentum == 0)
        {
            parameter.Value.addcdiv_(gradient, root, Scalars.Of(-rate));
            return;
        }

        parameter.First.mul_(Scalars.Of(momentum)).addcdiv_(gradient, root, Scalars.One);
        parameter.Value.add_(parameter.First, Scalars.Of(-rate));
    }
}
