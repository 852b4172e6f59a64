using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Training.Evaluation;

namespace CnnService.Core.Training.Comparison;

/// <summary>Two versions evaluated on the same images: the file <c>result.json</c> of a comparison, written atomically.</summary>
public sealed record ComparisonResult
{
    public const string File = "result.json";

    /// <summary>Version of the file format.</summary>
    public int Format { get; init; } = 1;

    public required SplitEvaluation A { get; init; }

    public required SplitEvaluation B { get; init; }

    public required Agreement Agreement { get; init; }

    /// <summary>One per batch size.</summary>
    public required IReadOnlyList<SpeedFigures> Speed { get; init; }

    /// <summary>
    /// Images that the versions classify differently, the most confident first, at most <see
    /// cref="VersionComparison.MaxDisagreements"/>.
    /// </summary>
    public required IReadOnlyList<Disagreement> Disagreements { get; init; }

    public void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        DurableFile.Write(Path.Combine(folder, File), JsonSerializer.SerializeToUtf8Bytes(this, CoreJson.Options));
    }

    /// <summary>Reads the file; null where there is none.</summary>
    public static ComparisonResult? Read(string folder)
    {
        var path = Path.Combine(folder, File);
        return System.IO.File.Exists(path)
            ? JsonSerializer.Deserialize<ComparisonResult>(RegularFile.ReadAllBytes(path), CoreJson.Options)
            : null;
    }
}

/// <summary>How often two versions agree, and which of them is correct.</summary>
/// <param name="BothRight">Number of images that both classify correctly.</param>
/// <param name="OnlyA">Number of images that only A classifies correctly.</param>
/// <param name="OnlyB">Number of images that only B classifies correctly.</param>
/// <param name="BothWrong">Number of images that both classify wrongly.</param>
/// <param name="Agreed">Number of images with the same prediction, correct or not.</param>
/// <param name="Disagreed">Number of images with different predictions.</param>
/// <param name="MeanDifference">Mean over the images of |Δp| of the class that A predicts, 0–1.</param>
/// <param name="Statistic">McNemar's chi-squared statistic, with continuity correction.</param>
/// <param name="PValue">McNemar's exact two-sided p-value.</param>
/// <param name="Sentence">Interpretation in plain language.</param>
public sealed record Agreement(
    int BothRight, int OnlyA, int OnlyB, int BothWrong, int Agreed, int Disagreed, double MeanDifference, double Statistic, double PValue,
    string Sentence);

/// <summary>Inference time per image in milliseconds, the median over rounds in which the two versions take turns.</summary>
/// <param name="BatchSize">Images per run of the network.</param>
/// <param name="AMilliseconds">Of A, per image.</param>
/// <param name="BMilliseconds">Of B, per image.</param>
/// <param name="Rounds">Measured runs of each.</param>
public sealed record SpeedFigures(int BatchSize, double AMilliseconds, double BMilliseconds, int Rounds);

/// <summary>An image that two versions classify differently.</summary>
/// <param name="Image">Its id in the data set.</param>
/// <param name="TrueClass">Its class.</param>
/// <param name="A">The class A predicts.</param>
/// <param name="AProbability">Of that class, by A, 0–1.</param>
/// <param name="B">The class B predicts.</param>
/// <param name="BProbability">Of that class, by B, 0–1.</param>
public sealed record Disagreement(string Image, string TrueClass, string A, double AProbability, string B, double BProbability);
