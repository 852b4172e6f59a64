using CnnService.Core.Architecture;
using CnnService.Core.Datasets;

namespace CnnService.Core.Training.Runs;

/// <summary>What the parts of a run are expected to take, before they have been measured in it.</summary>
/// <param name="Parts">Seconds of each part, in order.</param>
public sealed record RunEstimate(IReadOnlyList<KeyValuePair<RunPart, double>> Parts)
{
    /// <summary>Images that are compared at most: see <see cref="Models.ParityCheck"/>.</summary>
    private const int Compared = Models.ParityCheck.MaxImages;

    private const double FittingSeconds = 3;
    private const double StartSeconds = 2;
    private const double PublishingSeconds = 1;

    public double Seconds => Parts.Sum(part => part.Value);

    /// <param name="training">The plan with its network.</param>
    /// <param name="dataset">The data set.</param>
    /// <param name="speed">Of this machine.</param>
    public static RunEstimate Create(PlannedTraining training, DatasetManifest dataset, MachineSpeed speed)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(speed);
        var (plan, network) = training;
        var counts = Enum.GetValues<Split>().ToDictionary(split => split, split => dataset.Images.CountOf(split));
        var (train, validation, test) = (counts[Split.Train], counts[Split.Validation], counts[Split.Test]);
        var work = (double)network.Layers.Sum(layer => layer.MultiplyAdds);
        var judged = validation > 0 ? validation : train;
        var parts = new List<KeyValuePair<RunPart, double>>
        {
            new(RunPart.Preparing, StartSeconds + ((train + validation) / speed.DecodedPerSecond)),
        };
        if (plan.Classifier is { } fitted)
        {
            parts.Add(new(RunPart.Features, (train * fitted.Views / speed.Forward(work)) + (validation / speed.Served(work))));
            parts.Add(new(RunPart.Fitting, FittingSeconds));
            judged = validation > 0 ? 0 : train;
        }
        else
        {
            var (fixedWork, trainedWork) = Divide(plan, network, work);
            if (fixedWork > 0)
            {
                parts.Add(new(RunPart.Features, (train + validation) / speed.Forward(fixedWork)));
            }

            var steps = (train / speed.Trained(trainedWork)) + (validation / speed.Forward(trainedWork));
            parts.Add(new(RunPart.Epochs, plan.Epochs * steps));
        }

        var compared = Math.Min(Compared, Math.Max(train, validation));
        parts.Add(new(RunPart.Parity, 1 + (compared / speed.Served(work)) + (compared / speed.Compared(work))));
        parts.Add(new(RunPart.Evaluating, (judged + test) / speed.Served(work)));
        parts.Add(new(RunPart.Publishing, PublishingSeconds));
        return new(parts);
    }

    /// <summary>
    /// Multiply-adds of the frozen beginning, whose values are computed once where no image is changed, and of what is trained.
    /// </summary>
    private static (double Fixed, double Trained) Divide(TrainingPlan plan, ResolvedNetwork network, double work)
    {
        var isFixed = plan.Frozen is { Count: > 0 } && plan.Augmentation == AugmentationSpec.None && plan.Mixup == 0;
        var frozen = isFixed
            ? network.Layers.Where(layer => plan.Frozen!.Contains(layer.Name)).Sum(layer => (double)layer.MultiplyAdds)
            : 0;
        return (frozen, Math.Max(1, work - frozen));
    }
}
