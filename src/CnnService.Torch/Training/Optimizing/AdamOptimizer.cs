using CnnService.Core.Training;
using CnnService.Torch.Networks;

namespace CnnService.Torch.Training.Optimizing;

/// <summary>Adam (Kingma and Ba, 2015), and AdamW, which takes weight decay off the weights (Loshchilov and Hutter, 2019).</summary>
internal sealed class AdamOptimizer(NetworkTensors tensors, OptimizerSpec spec, IReadOnlyDictionary<string, double> penalties, double? clip)
    : Optimizer(tensors, spec, penalties, clip)
{
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.999;
    private const double Epsilon = 1e-8;

    protected override void Move(OptimizedParameter parameter, TorchSharp.torch.Tensor gradient, double rate)
    {
        if (Spec.Name == OptimizerKind.Adamw && Spec.WeightDecay > 0)
        {
            parameter.Value.mul_(1 - (rate * Spec.WeightDecay));
        }

        parameter.First.mul_(Beta1).add_(gradient, 1 - Beta1);
        parameter.Second.mul_(Beta2).addcmul_(gradient, gradient, 1 - Beta2);
        var root = parameter.Second.sqrt().div_(Math.Sqrt(1 - Math.Pow(Beta2, Steps))).add_(Epsilon);
        parameter.Value.addcdiv_(parameter.First, root, -rate / (1 - Math.Pow(Beta1, Steps)));
    }
}
