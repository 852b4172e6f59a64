using CnnService.Core.Datasets;
using CnnService.Core.Models;

namespace CnnService.Core.Training.Quantization;

/// <summary>What a quantization is made of.</summary>
/// <param name="Model">The version; consists of layers and has classes.</param>
/// <param name="Dataset">A data set whose classes the version knows.</param>
/// <param name="MaxAccuracyLoss">How much less the accuracy on the validation images may be, 0–1.</param>
public sealed record QuantizationInput(LoadedModel Model, DatasetManifest Dataset, double MaxAccuracyLoss)
{
    /// <summary>The validation images at the network's size, at least one; owned by the caller.</summary>
    public required IPixelSource Images { get; init; }

    /// <summary>The images that ranges are read from, at the network's size, at least one; owned by the caller.</summary>
    public required IPixelSource Calibration { get; init; }

    /// <summary>The split that <see cref="Calibration"/> is of.</summary>
    public required Split CalibratedOn { get; init; }
}
