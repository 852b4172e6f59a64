using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Training.Evaluating;

namespace CnnService.Core.Training.Comparing;

/// <summary>Two versions on the same pictures: the file <c>result.json</c> of a comparison, whole or absent.</summary>
public sealed record ComparisonResult
{
    public const string File = "result.json";

    /// <summary>The version of this file's form.</summary>
    public int Format { get; init; } = 1;

    public required SplitEvaluation A { get; init; }

    public required SplitEvaluation B { get; init; }

    public required Agreement Agreement { get; init; }

    /// <summary>For each batch size.</summary>
    public required IReadOnlyList<SpeedFigures> Speed { get; init; }

    /// <summary>Pictures that are told to be different things: the surest first, at most <see cref="VersionComparison.MostDisagreements"/>.</summary>
    public required IReadOnlyList<Disagreement> Disagreements { get; init; }

    public void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        DurableFile.Write(Path.Combine(folder, File), JsonSerializer.SerializeToUtf8Bytes(this, CoreJson.Options));
    }

    /// <summary>Null where there is none.</summary>
    public static ComparisonResult? Read(string folder)
    {
        var path = Path.Combine(folder, File);
        return System.IO.File.Exists(path) ? JsonSerializer.Deserialize<ComparisonResult>(System.IO.File.ReadAllBytes(path), CoreJson.Options) : null;
    }
}

/// <summary>How often two versions say the same, and which of them is right.</summary>
/// <param name="BothRight">Pictures that both get right.</param>
/// <param name="OnlyA">Pictures that only A gets right.</param>
/// <param name="OnlyB">Pictures that only B gets right.</param>
/// <param name="BothWrong">Pictures that neither gets right.</param>
/// <param name="Agreed">Pictures that both call the same, right or wrong.</param>
/// <param name="Disagreed">Pictures that they call different things.</param>
/// <param name="MeanDifference">Mean over the pictures of |Δp| of the class that A names, 0–1.</param>
/// <param name="Statistic">McNemar's chi-squared, with continuity correction.</param>
/// <param name="PValue">McNemar's exact two-sided p value.</param>
/// <param name="Sentence">What that means.</param>
public sealed record Agreement(
    int BothRight, int OnlyA, int OnlyB, int BothWrong, int Agreed, int Disagreed, double MeanDifference, double Statistic, double PValue, string Sentence);

/// <summary>Milliseconds a picture, the median over rounds in which the two took turns.</summary>
/// <param name="BatchSize">Pictures in a run of the network.</param>
/// <param name="AMilliseconds">Of A.</param>
/// <param name="BMilliseconds">Of B.</param>
/// <param name="Rounds">Runs of each.</param>
public sealed record SpeedFigures(int BatchSize, double AMilliseconds, double BMilliseconds, int Rounds);

/// <summary>A picture that two versions call different things.</summary>
/// <param name="Image">Its id in the data set.</param>
/// <param name="TrueClass">What it is.</param>
/// <param name="A">What A says.</param>
/// <param name="AProbability">Of that, by A, 0–1.</param>
/// <param name="B">What B says.</param>
/// <param name="BProbability">Of that, by B, 0–1.</param>
public sealed record Disagreement(string Image, string TrueClass, string A, double AProbability, string B, double BProbability);
