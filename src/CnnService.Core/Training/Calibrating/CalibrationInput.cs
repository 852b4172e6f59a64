using CnnService.Core.Datasets;
using CnnService.Core.Models;

namespace CnnService.Core.Training.Calibrating;

/// <summary>What a version is calibrated on.</summary>
/// <param name="Model">The version, which passed <see cref="VersionCalibrator.Check"/> with the data set.</param>
/// <param name="Dataset">The data set.</param>
public sealed record CalibrationInput(LoadedModel Model, DatasetManifest Dataset)
{
    /// <summary>Its training images at the network's size; owned by the caller. Null: familiarity is not measured.</summary>
    public required IPixelSource? Training { get; init; }

    /// <summary>Its validation images at the network's size; owned by the caller.</summary>
    public required IPixelSource Validation { get; init; }
}
