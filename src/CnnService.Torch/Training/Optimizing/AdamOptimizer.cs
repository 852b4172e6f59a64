using CnnService.Core.Training;
using CnnService.Torch.Networks;

namespace CnnService.Torch.Training.Optimizing;

/// <summary>Adam (Kingma and Ba, 2015) and AdamW with decoupled weight decay (Loshchilov and Hutter, 2019).</summary>
internal sealed class AdamOptimizer(NetworkTensors tensors, OptimizerSpec spec, ParameterRules rules, double? clip)
    : PlainOptimizer(tensors, spec, rules, clip)
{
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.999;
    private const double Epsilon = 1e-8;

    protected override void Move(OptimizedParameter parameter, TorchSharp.torch.Tensor gradient, double rate)
    {
        if (Spec.Name == OptimizerKind.Adamw && Spec.WeightDecay > 0)
        {
            parameter.Value.mul_(OwnedScalars.Create(1 - (rate * Spec.WeightDecay)));
        }

        parameter.FirstMoment.mul_(OwnedScalars.Create(Beta1)).add_(gradient, OwnedScalars.Create(1 - Beta1));
        parameter.SecondMoment.mul_(OwnedScalars.Create(Beta2)).addcmul_(gradient, gradient, OwnedScalars.Create(1 - Beta2));
        var root = parameter.SecondMoment.sqrt().div_(OwnedScalars.Create(Math.Sqrt(1 - Math.Pow(Beta2, Steps))))
            .add_(OwnedScalars.Create(Epsilon), OwnedScalars.One);
        parameter.Value.addcdiv_(parameter.FirstMoment, root, OwnedScalars.Create(-rate / (1 - Math.Pow(Beta1, Steps))));
    }
}
