using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Models;
using CnnService.Core.Training.Evaluation;
using CnnService.Core.Training.Fitting;

namespace CnnService.Core.Training.Runs;

/// <summary>
/// Evaluates a run's exported network where an image has any number of labels: one half of the validation images chooses a threshold for
/// each class, the other half judges. Too few validation images choose nothing: the thresholds are one half, and all judge.
/// </summary>
internal static class MultiLabelEvaluator
{
    /// <param name="exported">The exported network and its origin.</param>
    /// <param name="validation">Validation images, or training images where there are none.</param>
    /// <param name="openTest">Opens the test images; called only where there are some.</param>
    /// <param name="folder">The run's folder, where the evaluation is written.</param>
    /// <param name="cancel">Checked between batches; nothing is written then.</param>
    public static Outcome<RunEvaluation> Evaluate(
        ExportedNetwork exported, EvaluationInput validation, Func<Outcome<IPixelSource>> openTest, string folder, CancellationToken cancel)
    {
        var images = Logits(exported, validation, cancel);
        var (thresholds, judging) = Choose(exported.Dataset, validation, images);
        var whole = RunEvaluator.About(
            exported, MultiLabelStatistics.Judge(images, judging, thresholds, RunEvaluator.AboutSplit(exported, validation.Split)));
        return RunEvaluator.Write(
            whole, exported, openTest, folder, input =>
            {
                var tested = Logits(exported, input, cancel);
                return MultiLabelStatistics.Judge(
                    tested, [.. Enumerable.Range(0, tested.Labels.Count)], thresholds, RunEvaluator.AboutSplit(exported, input.Split));
            });
    }

    private static (double[] Thresholds, int[] Judging) Choose(DatasetManifest dataset, EvaluationInput validation, LabelledLogits images)
    {
        int[] counted = [.. validation.Known?.Rows ?? [.. Enumerable.Range(0, images.Labels.Count)]];
        if (validation.Split == Split.Validation)
        {
            var halves = ValidationHalves.Divide(dataset.Images.Of(Split.Validation).Select(image => image.Sha256));
            if (halves.Choosing.Length >= StrengthSelection.MinImages && halves.Judging.Length > 0)
            {
                return (MultiLabelStatistics.ChooseThresholds(images, halves.Choosing), halves.Judging);
            }
        }

        return ([.. Enumerable.Repeat(ModelManifest.DefaultThreshold, images.Outputs)], counted);
    }

    private static LabelledLogits Logits(ExportedNetwork exported, EvaluationInput input, CancellationToken cancel)
    {
        var logits = input.Known is { } known
            ? new(known.Values, [.. Enumerable.Range(0, input.Source.Count).Select(input.Source.Label)])
            : LabelledLogits.Read(exported.Runner, input.Source, exported.Done, cancel);
        return logits with { Sets = exported.Dataset.LabelSets };
    }
}
