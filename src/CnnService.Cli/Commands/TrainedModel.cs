using System.Globalization;
using System.Text.Json.Serialization;
using CnnService.Cli.Reporting;
using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Core.Training.Evaluation;

namespace CnnService.Cli.Commands;

/// <summary>What came of a training.</summary>
/// <param name="Folder">Of the model.</param>
/// <param name="Seconds">From the import to the written model, of this attempt.</param>
/// <param name="Architecture">The preset, or "custom".</param>
/// <param name="Classes">In the order of the outputs.</param>
internal sealed record TrainedModel(string Folder, double Seconds, string Architecture, IReadOnlyList<string> Classes)
{
    /// <summary>Classes that are shown in a table; the evaluation's file has all.</summary>
    private const int MaxShown = 30;

    public ModelMetrics? Metrics { get; init; }

    public ParityReport? Parity { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CalibrationFigures? Calibration { get; init; }

    public SplitFigures? Validation { get; init; }

    public SplitFigures? Test { get; init; }

    public static CalibrationFigures? Figures(VersionCalibration? calibration) => calibration is null
        ? null
        : new(calibration.Temperature, calibration.EceBefore, calibration.EceAfter);

    public static SplitFigures? Figures(SplitEvaluation? split) => split is null
        ? null
        : new(split.Split.ToWireName(), split.Images, split.Accuracy, split.Loss, split.Classes);

    /// <summary>Class by class.</summary>
    public static TextTable Table(SplitEvaluation judged)
    {
        var table = new TextTable(
            $"class ({judged.Split.ToWireName()})", TextColumn.Number("images"), TextColumn.Number("precision"),
            TextColumn.Number("recall"), TextColumn.Number("F1"));
        foreach (var one in judged.Classes.Take(MaxShown))
        {
            table.Add(
                one.Name, one.Support.ToString(CultureInfo.InvariantCulture), Ratio(one.Precision), Ratio(one.Recall), Ratio(one.F1));
        }

        return table;
    }

    private static string Ratio(double? value) => value?.ToString("F3", CultureInfo.InvariantCulture) ?? "-";
}

/// <param name="Temperature">Logits are divided by it.</param>
/// <param name="EceBefore">Mean distance of confidence and accuracy without it, 0–1.</param>
/// <param name="EceAfter">The same with it.</param>
internal sealed record CalibrationFigures(double Temperature, double EceBefore, double EceAfter);

/// <param name="Split">The images judged.</param>
/// <param name="Images">Their number.</param>
/// <param name="Accuracy">0–1.</param>
/// <param name="Loss">Mean cross-entropy, nats.</param>
/// <param name="Classes">Class by class.</param>
internal sealed record SplitFigures(string Split, int Images, double Accuracy, double Loss, IReadOnlyList<ClassFigures> Classes);
