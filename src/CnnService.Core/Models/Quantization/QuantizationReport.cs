using CnnService.Core.Datasets;

namespace CnnService.Core.Models.Quantization;

/// <summary>How a version computes with 8-bit integers, beside how it does with float32. Immutable.</summary>
public sealed record QuantizationReport
{
    /// <summary>Version of the file format.</summary>
    public int Format { get; init; } = 1;

    /// <summary>SHA-256 (hex) of the version's ONNX file.</summary>
    public required string Source { get; init; }

    /// <summary>How the integers were chosen.</summary>
    public required string Method { get; init; }

    /// <summary>Number of convolutions and dense layers that compute with 8-bit integers.</summary>
    public required int QuantizedLayers { get; init; }

    /// <summary>Operators that stay in float32, by their ONNX names.</summary>
    public required IReadOnlyList<string> LeftInFloat { get; init; }

    /// <summary>Number of images that ranges were read from.</summary>
    public required int CalibrationImages { get; init; }

    /// <summary>The split that they are of.</summary>
    public required Split CalibratedOn { get; init; }

    /// <summary>Number of validation images that both were judged on.</summary>
    public required int Images { get; init; }

    /// <summary>Share of them that is classified right, 0–1.</summary>
    public required PrecisionFigures Accuracy { get; init; }

    /// <summary>Share of them that both give the same class, 0–1.</summary>
    public required double Agreement { get; init; }

    /// <summary>Images per second in batches of eight on all threads, medians of runs in turns; decoding is not included.</summary>
    public required PrecisionFigures ImagesPerSecond { get; init; }

    /// <summary>As <see cref="ImagesPerSecond"/>, image by image.</summary>
    public required PrecisionFigures SingleImagesPerSecond { get; init; }

    /// <summary>How much accuracy it was allowed to lose, 0–1.</summary>
    public required double MaxAccuracyLoss { get; init; }

    /// <summary>Whether it may be served: it is faster here, and loses no more than was allowed.</summary>
    public required bool Accepted { get; init; }

    /// <summary>Why it was accepted or not, in plain language.</summary>
    public required string Reason { get; init; }

    /// <summary>The calibration of the 8-bit network, fitted anew; null where the version has none.</summary>
    public VersionCalibration? Calibration { get; init; }

    /// <summary>The 8-bit network; null where it was not accepted.</summary>
    public PackageFile? File { get; init; }
}
