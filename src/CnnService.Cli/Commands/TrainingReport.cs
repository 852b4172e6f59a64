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

    private static string Describe(EpochMetrics metrics)
    {
        string?[] facts =
        [
            Measured(string.Empty, metrics.Loss, metrics.Accuracy),
            Measured("validation ", metrics.ValidationLoss, metrics.ValidationAccuracy),
            Words.Speed(metrics.ImagesPerSecond),
        ];
        return $"epoch {metrics.Epoch}: {string.Join(", ", facts.Where(fact => fact is not null))}";
    }

    private static string? Measured(string what, double loss, double accuracy) => Known(loss) is null
        ? null
        : string.Create(CultureInfo.InvariantCulture, $"{what}loss {loss:F4}, accuracy {accuracy:P1}");

    private static double? Known(double? value) => value is { } number && !double.IsNaN(number) ? number : null;
}
