namespace CnnService.Core.Training;

/// <summary>Early stopping: ends a run that no longer improves.</summary>
public sealed record EarlyStoppingSpec
{
    public MonitoredMetric Monitor { get; init; } = MonitoredMetric.ValidationLoss;

    /// <summary>Epochs without a new best before the run ends, 1 to 1000; default 6.</summary>
    public int Patience { get; init; } = 6;
}

/// <summary>The metric that early stopping monitors.</summary>
public enum MonitoredMetric
{
    ValidationLoss,
    ValidationAccuracy,
}

/// <summary>Number format of the training arithmetic.</summary>
public enum Precision
{
    /// <summary>The fastest that is safe on the device.</summary>
    Auto,
    Float32,

    /// <summary>bfloat16 arithmetic with float32 master weights.</summary>
    Bfloat16,
}

/// <summary>The device to train on.</summary>
public enum DeviceChoice
{
    /// <summary>CUDA if available, otherwise the CPU.</summary>
    Auto,
    Cpu,
    Cuda,
}
