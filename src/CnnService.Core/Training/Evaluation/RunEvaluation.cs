using System.Text.Json;
using System.Text.Json.Serialization;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Models;

namespace CnnService.Core.Training.Evaluation;

/// <summary>Evaluation of a run's exported network: the file <c>evaluation.json</c> in its folder, written atomically.</summary>
public sealed record RunEvaluation
{
    /// <summary>Version of the file format.</summary>
    public int Format { get; init; } = 1;

    /// <summary>The epoch that the evaluated weights are from, from 1.</summary>
    public required int Epoch { get; init; }

    public required string Dataset { get; init; }

    /// <summary>Number of the data set's revision.</summary>
    public int DatasetRevision { get; init; } = 1;

    /// <summary>The data set and its revision, as requests name them.</summary>
    [JsonIgnore]
    public string Reference => new DatasetReference(Dataset, DatasetRevision).ToString();

    /// <summary>Content digest of the data set it was evaluated on.</summary>
    public required string DatasetDigest { get; init; }

    /// <summary>SHA-256 (hex) of the exported ONNX file, without a temperature.</summary>
    public required string Network { get; init; }

    /// <summary>The calibration that the probabilities were judged with; null: none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public VersionCalibration? Calibration { get; init; }

    /// <summary>Number of training images per class, in label order.</summary>
    public required IReadOnlyList<int> TrainingImages { get; init; }

    /// <summary>On the validation images, or the training images where there are none.</summary>
    public required SplitEvaluation Validation { get; init; }

    /// <summary>On the test images, which no choice was based on; null where the data set has none.</summary>
    public SplitEvaluation? Test { get; init; }

    /// <summary><see cref="Test"/> or <see cref="Validation"/>; null where it was not evaluated.</summary>
    public SplitEvaluation? Of(Split split) => split == Split.Test ? Test : Validation;

    /// <summary>Writes the file durably.</summary>
    /// <param name="folder">The run's folder.</param>
    public void Write(string folder) =>
        DurableFile.Write(Path.Combine(folder, RunFolder.EvaluationFile), JsonSerializer.SerializeToUtf8Bytes(this, CoreJson.Options));

    /// <summary>Reads the file; null where there is none, or it cannot be parsed: it can be recomputed.</summary>
    /// <param name="folder">The run's folder.</param>
    public static RunEvaluation? Read(string folder)
    {
        var path = Path.Combine(folder, RunFolder.EvaluationFile);
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize<RunEvaluation>(RegularFile.ReadAllBytes(path), CoreJson.Options) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
