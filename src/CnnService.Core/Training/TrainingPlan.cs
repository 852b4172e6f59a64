using CnnService.Core.Architecture;
using CnnService.Core.Datasets;
using CnnService.Core.Models;

namespace CnnService.Core.Training;

/// <summary>
/// Everything a training run depends on, resolved and validated: the file <c>plan.json</c> in the run's folder. The same
/// plan on the same device and thread count gives the same weights.
/// </summary>
public sealed record TrainingPlan
{
    public int Format { get; init; } = 1;

    public required string RunId { get; init; }

    /// <summary>The data set's folder.</summary>
    public required string DatasetFolder { get; init; }

    public required string Dataset { get; init; }

    public required string DatasetDigest { get; init; }

    /// <summary>Class names in label order.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>A preset's name or "custom".</summary>
    public required string Architecture { get; init; }

    /// <summary>Names and units filled in.</summary>
    public required NetworkSpec Network { get; init; }

    public required Preprocessing Preprocessing { get; init; }

    /// <summary>1 to 10,000.</summary>
    public int Epochs { get; init; } = 30;

    /// <summary>Pictures a step, 1 to 4096.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>0 to 2^53-1; decides initial weights, order, augmentation and dropout.</summary>
    public long Seed { get; init; } = 42;

    public OptimizerSpec Optimizer { get; init; } = new();

    public AugmentationSpec Augmentation { get; init; } = AugmentationSpec.None;

    public Precision Precision { get; init; } = Precision.Auto;

    public DeviceChoice Device { get; init; } = DeviceChoice.Auto;

    public EarlyStoppingSpec? EarlyStopping { get; init; }

    /// <summary>Threads of the tensor library; 0: all cores.</summary>
    public int Threads { get; init; }

    /// <summary>The longest time between two checkpoints; one is written after each epoch besides.</summary>
    public TimeSpan CheckpointEvery { get; init; } = TimeSpan.FromSeconds(60);
}

/// <summary>The optimizer.</summary>
public sealed record OptimizerSpec
{
    public OptimizerKind Name { get; init; } = OptimizerKind.Adam;

    /// <summary>Above 0, up to 10.</summary>
    public double LearningRate { get; init; } = 0.0001;

    /// <summary>0 to 1; for Adam added to the gradient (L2).</summary>
    public double WeightDecay { get; init; }
}

/// <summary>Optimizers by name.</summary>
public enum OptimizerKind
{
    Adam,
}

/// <summary>Ends a run that no longer gets better.</summary>
public sealed record EarlyStoppingSpec
{
    public MonitoredMetric Monitor { get; init; } = MonitoredMetric.ValidationLoss;

    /// <summary>Epochs without a new best before the run ends, 1 to 1000.</summary>
    public int Patience { get; init; } = 6;
}

/// <summary>What early stopping looks at.</summary>
public enum MonitoredMetric
{
    ValidationLoss,
    ValidationAccuracy,
}

/// <summary>The number format of the training arithmetic.</summary>
public enum Precision
{
    /// <summary>What is fastest and safe on the device.</summary>
    Auto,
    Float32,

    /// <summary>bfloat16 arithmetic with float32 master weights.</summary>
    Bfloat16,
}

/// <summary>Where training runs.</summary>
public enum DeviceChoice
{
    /// <summary>CUDA where there is one, else the processor.</summary>
    Auto,
    Cpu,
    Cuda,
}
