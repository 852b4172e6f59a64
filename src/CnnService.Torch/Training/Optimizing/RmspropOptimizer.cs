using CnnService.Core.Training;
using CnnService.Torch.Networks;

namespace CnnService.Torch.Training.Optimizing;

/// <summary>RMSprop (Hinton, 2012), with optional momentum.</summary>
internal sealed class RmspropOptimizer(NetworkTensors tensors, OptimizerSpec spec, ParameterRules rules, double? clip)
    : PlainOptimizer(tensors, spec, rules, clip)
{
    private const double Alpha = 0.99;
    private const double Epsilon = 1e-8;

    protected override void Move(OptimizedParameter parameter, TorchSharp.torch.Tensor gradient, double rate)
    {
        parameter.SecondMoment.mul_(OwnedScalars.Create(Alpha)).addcmul_(gradient, gradient, OwnedScalars.Create(1 - Alpha));
        var root = parameter.SecondMoment.sqrt().add_(OwnedScalars.Create(Epsilon), OwnedScalars.One);
        var momentum = Spec.MomentumOrDefault;
        if (momentum == 0)
        {
            parameter.Value.addcdiv_(gradient, root, OwnedScalars.Create(-rate));
            return;
        }

        parameter.FirstMoment.mul_(OwnedScalars.Create(momentum)).addcdiv_(gradient, root, OwnedScalars.One);
        parameter.Value.add_(parameter.FirstMoment, OwnedScalars.Create(-rate));
    }
}
