using CnnService.Core.Training;
using CnnService.Torch.Networks;
using static TorchSharp.torch;

namespace CnnService.Torch.Training.Optimizing;

/// <summary>
/// Updates all parameters in one call of libtorch's fused and multi-tensor kernels, which TorchSharp has no methods for and TorchScript
/// reaches: one pass over memory instead of eight, and on a GPU one kernel instead of eight a parameter. The formulas are those of the
/// optimizers that move one parameter at a time; results differ from theirs by rounding.
/// </summary>
internal sealed class FusedOptimizer : Optimizer
{
    private readonly Group[] _groups;
    private readonly Tensor _step;

    public FusedOptimizer(NetworkTensors tensors, OptimizerSpec spec, ParameterRules rules, double? clip)
        : base(tensors, spec, rules, clip)
    {
        _step = zeros([], ScalarType.Float32, device: Parameters[0].device).DetachFromDisposeScope();
        _groups = [.. State.Select((parameter, index) => (parameter, index))
            .GroupBy(one => (one.parameter.L2, one.parameter.RateFactor))
            .Select(group => new Group([.. group.Select(one => one.index)], [.. group.Select(one => one.parameter)], _step))];
    }

    /// <summary>Whether the kernels exist for the device.</summary>
    internal static bool Fits(Device device) => device.type is TorchSharp.DeviceType.CPU or TorchSharp.DeviceType.CUDA;

    public override void Dispose()
    {
        base.Dispose();
        _step.Dispose();
    }

    protected override void MoveAll(IList<Tensor> gradients, double rate)
    {
        _step.fill_(OwnedScalars.Create(Steps));
        foreach (var group in _groups)
        {
            Move(group, [.. group.Indices.Select(index => gradients[index])], rate * group.RateFactor);
        }
    }

    private void Move(Group group, Tensor[] gradients, double rate)
    {
        var (penalty, momentum) = (2 * group.L2, Spec.MomentumOrDefault);
        var (name, more) = Spec.Name switch
        {
            OptimizerKind.Adam => ("adam", new object[] { group.Second, group.Steps, Number(Spec.WeightDecay + penalty) }),
            OptimizerKind.Adamw => ("adamw", [group.Second, group.Steps, Number(Spec.WeightDecay), Number(penalty)]),
            OptimizerKind.Sgd => ("sgd", [Number(Spec.WeightDecay + penalty), Number(momentum), Spec.Nesterov]),
            OptimizerKind.Rmsprop => ("rmsprop", [group.Second, Number(Spec.WeightDecay + penalty), Number(momentum)]),
            _ => throw new NotSupportedException($"There is no fused optimizer {Spec.Name}."),
        };
        OptimizerScript.Run(name, [group.Values, gradients, Number(rate), group.First, .. more]);
    }

    private static TorchSharp.Scalar Number(double value) => OwnedScalars.Create(value);

    /// <summary>Parameters with the same penalty and factor of the rate, as the kernels take one of each.</summary>
    private sealed class Group(int[] indices, OptimizedParameter[] parameters, Tensor step)
    {
        public int[] Indices { get; } = indices;

        public Tensor[] Values { get; } = [.. parameters.Select(parameter => parameter.Value)];

        public Tensor[] First { get; } = [.. parameters.Select(parameter => parameter.FirstMoment)];

        public Tensor[] Second { get; } = [.. parameters.Select(parameter => parameter.SecondMoment)];

        /// <summary>The number of the step, one tensor for all.</summary>
        public Tensor[] Steps { get; } = [.. parameters.Select(_ => step)];

        public double L2 { get; } = parameters[0].L2;

        public double RateFactor { get; } = parameters[0].RateFactor;
    }
}
