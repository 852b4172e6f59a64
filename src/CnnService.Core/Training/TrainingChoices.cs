namespace CnnService.Core.Training;

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
