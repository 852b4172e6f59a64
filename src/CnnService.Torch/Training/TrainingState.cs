using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Core.Training;
using CnnService.Core.Training.Transfer;
using CnnService.Torch.Networks;
using CnnService.Torch.Training.Objectives;
using CnnService.Torch.Training.Optimizing;
using static TorchSharp.torch;

namespace CnnService.Torch.Training;

/// <summary>
/// The mutable state of a training: network, optimizer, the sums of the epoch in progress and the position. Owns its tensors. Not thread
/// safe.
/// </summary>
internal sealed class TrainingState : IDisposable
{
    private TrainingState(PlannedTraining planned, NamedWeights weights, Device device, Precision precision, EpochSums sums)
    {
        var (plan, network) = planned;
        Network = new(network, weights, device, precision == Precision.Bfloat16 ? ScalarType.BFloat16 : ScalarType.Float32);
        Precision = precision;
        Network.Freeze((plan.Frozen ?? []).ToHashSet(StringComparer.Ordinal));
        Network.Tensors.RequireGradients(true);
        Optimizer = Optimizer.Create(Network.Tensors, plan.Optimizer,
            new(Penalties(network), plan.RateFactors ?? new Dictionary<string, double>()), plan.GradientClip);
        Objective = new(plan, device, planned.LabelSets);
        Meter = new(device, sums);
    }

    internal TorchNetwork Network { get; }

    /// <summary>Of the arithmetic; never auto.</summary>
    internal Precision Precision { get; }

    internal Optimizer Optimizer { get; }

    internal Objective Objective { get; }

    /// <summary>Sums of the epoch in progress.</summary>
    internal EpochMeter Meter { get; private set; }

    /// <summary>Number of completed epochs; also the zero-based index of the epoch in progress.</summary>
    internal int Epoch => History.Count;

    /// <summary>Completed steps of the epoch in progress.</summary>
    internal int Step { get; set; }

    /// <summary>Seconds spent in the epoch in progress, over all attempts.</summary>
    internal double EpochSeconds { get; set; }

    /// <summary>The learning rate of the last step; 0 before the first step in this process.</summary>
    internal double LearningRate { get; set; }

    internal List<EpochMetrics> History { get; } = [];

    /// <summary>The weights of the best epoch so far; null before the first epoch is completed.</summary>
    internal NamedWeights? Best { get; private set; }

    /// <summary>
    /// Starts from random weights, those that are given, or those of the model that the plan names. Problems: those of
    /// <see cref="StartingWeights"/>.
    /// </summary>
    internal static Outcome<TrainingState> Start(PlannedTraining planned, Device device, Precision precision)
    {
        var (plan, network) = planned;
        var start = planned.Weights is { } given
            ? Outcome.Success(given)
            : StartingWeights.Initialize(plan.StartFrom, InitialWeights.Create(network, plan.Seed));
        return start.Bind<TrainingState>(weights => new TrainingState(planned, weights, device, precision, default));
    }

    internal static TrainingState Resume(
        CheckpointState saved, PlannedTraining planned, Device device, Precision precision)
    {
        var at = saved.Position;
        var state = new TrainingState(
            planned, saved.Part(CheckpointState.Network), device, precision, new(at.Loss, at.Correct, at.Images))
        {
            Step = at.Step,
            EpochSeconds = at.Seconds,
            Best = at.Epoch > 0 ? saved.Part(CheckpointState.BestWeights) : null,
        };
        state.History.AddRange(at.History);
        state.Optimizer.Restore(at.OptimizerSteps, saved.Part(CheckpointState.FirstMoments), saved.Part(CheckpointState.SecondMoments));
        return state;
    }

    /// <summary>Completes the epoch in progress; keeps a copy of the weights if it is the best so far.</summary>
    internal void Complete(EpochMetrics metrics)
    {
        History.Add(metrics);
        if (EpochSelection.BestIndex(History) == History.Count - 1)
        {
            Best = Network.Tensors.Snapshot();
        }

        Step = 0;
        EpochSeconds = 0;
        Meter.Dispose();
        Meter = new(Network.Device, default);
    }

    /// <param name="plan">Digest of the plan.</param>
    internal CheckpointState Capture(string plan)
    {
        var sums = Meter.Read();
        var tensors = new NamedWeights();
        Add(CheckpointState.Network, Network.Tensors.Snapshot());
        Add(CheckpointState.FirstMoments, Optimizer.Snapshot(moments => moments.FirstMoment));
        Add(CheckpointState.SecondMoments, Optimizer.Snapshot(moments => moments.SecondMoment));
        Add(CheckpointState.BestWeights, Best ?? new());
        return new(
            new(plan, Network.Device.ToString(), Precision, Epoch, Step, Optimizer.Steps, sums.Loss, sums.Correct, sums.Images,
                EpochSeconds, [.. History]),
            tensors);

        void Add(string prefix, NamedWeights part)
        {
            foreach (var (name, tensor) in part.All)
            {
                tensors.Add(prefix + name, tensor);
            }
        }
    }

    /// <summary>L2 factors by parameter name, for the kernels that have one.</summary>
    private static Dictionary<string, double> Penalties(ResolvedNetwork network) => network.Layers
        .Where(layer => layer.Spec is IKernelLayer { L2: > 0 })
        .ToDictionary(layer => $"{layer.Name}.weight", layer => ((IKernelLayer)layer.Spec).L2, StringComparer.Ordinal);

    public void Dispose()
    {
        Meter.Dispose();
        Optimizer.Dispose();
        Objective.Dispose();
        Network.Dispose();
    }
}
