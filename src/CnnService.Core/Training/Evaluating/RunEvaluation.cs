using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Datasets;

namespace CnnService.Core.Training.Evaluating;

/// <summary>What a run's network is worth: the file <c>evaluation.json</c> in its folder, whole or absent.</summary>
public sealed record RunEvaluation
{
    /// <summary>The version of this file's form.</summary>
    public int Format { get; init; } = 1;

    /// <summary>The epoch whose weights were judged, from 1.</summary>
    public required int Epoch { get; init; }

    public required string Dataset { get; init; }

    /// <summary>The content it was judged on.</summary>
    public required string DatasetDigest { get; init; }

    /// <summary>SHA-256 (hex) of the exported network that was judged.</summary>
    public required string Network { get; init; }

    /// <summary>Training pictures of each class, in label order.</summary>
    public required IReadOnlyList<int> TrainingPictures { get; init; }

    /// <summary>On the validation pictures, or the training pictures where there are none.</summary>
    public required SplitEvaluation Validation { get; init; }

    /// <summary>On the test pictures, which nothing was chosen by; null where the data set has none.</summary>
    public SplitEvaluation? Test { get; init; }

    /// <summary>The part asked for; null where it was not judged.</summary>
    public SplitEvaluation? Of(Split split) => split == Split.Test ? Test : Validation;

    /// <summary>Writes the file, durably.</summary>
    /// <param name="folder">The run's.</param>
    public void Write(string folder) =>
        DurableFile.Write(Path.Combine(folder, RunFolder.EvaluationFile), JsonSerializer.SerializeToUtf8Bytes(this, CoreJson.Options));

    /// <summary>Reads the file; null where there is none, or one that this program did not write: it can be made anew.</summary>
    /// <param name="folder">The run's.</param>
    public static RunEvaluation? Read(string folder)
    {
        var path = Path.Combine(folder, RunFolder.EvaluationFile);
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize<RunEvaluation>(File.ReadAllBytes(path), CoreJson.Options) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
