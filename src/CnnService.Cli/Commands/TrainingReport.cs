using System.Globalization;
using CnnService.Cli.Reporting;
using CnnService.Core.Common;
using CnnService.Core.Training;

namespace CnnService.Cli.Commands;

/// <summary>Tells what a training run is at, as the run tells it.</summary>
/// <param name="display">Shows it.</param>
/// <param name="epochs">Epochs of the plan.</param>
internal sealed class TrainingReport(IProgressDisplay display, int epochs) : ITrainingObserver
{
    private StepProgress? _step;

    public void Started(string device, Precision precision, int resumedEpoch) => display.Line(
        $"training on {device} in {precision.ToWireName()}"
        + (resumedEpoch > 0 ? $", {resumedEpoch} epochs done before" : string.Empty));

    public void Step(StepProgress progress) => _step = progress;

    public void Epoch(EpochMetrics metrics) => display.Line(Describe(metrics));

    public void Checkpoint(int epoch, int step)
    {
    }

    public void Part(PartProgress progress)
    {
        var step = progress.Part == RunPart.Epochs ? _step : null;
        display.Show(new(progress.Part.ToWireName(), progress.Fraction)
        {
            Detail = step is { } now ? Describe(now) : null,
            Left = TimeSpan.FromSeconds(Math.Max(0, progress.SecondsLeft)),
            ImagesPerSecond = Known(step?.ImagesPerSecond) ?? progress.ImagesPerSecond,
        });
    }

    public void Log(string message) => display.Line(message);

    private string Describe(StepProgress step) => $"{step.Epoch}/{epochs}"
        + (Known(step.Loss) is { } loss ? string.Create(CultureInfo.InvariantCulture, $", loss {loss:F4}") : string.Empty);

    /// <summary>Short enough for a line of a terminal.</summary>
    private static string Describe(EpochMetrics metrics)
    {
        var validation = Known(metrics.ValidationLoss) is { } loss
            ? string.Create(CultureInfo.InvariantCulture, $" validation {loss:F4}, {metrics.ValidationAccuracy:P1};")
            : string.Empty;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"epoch {metrics.Epoch}: loss {metrics.Loss:F4}, accuracy {metrics.Accuracy:P1};{validation} ")
            + Words.Speed(metrics.ImagesPerSecond);
    }

    private static double? Known(double? value) => value is { } number && !double.IsNaN(number) ? number : null;
}
