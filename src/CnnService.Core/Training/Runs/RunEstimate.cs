using CnnService.Core.Architecture;
using CnnService.Core.Datasets;
using CnnService.Core.Training.Transfer;

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

    /// <summary>Seconds of one epoch of training in steps; 0 where there is none.</summary>
    public double EpochSeconds { get; init; }

    /// <summary>Seconds of what is computed once before the epochs of a fine-tuning.</summary>
    public double OnceSeconds { get; init; }

    /// <summary>Seconds of a training step for each image of it, its frozen layers among it; 0 where there is none.</summary>
    public double StepSecondsPerImage { get; init; }

    /// <summary>Seconds of the same run with one epoch.</summary>
    public double Shortest { get; init; }

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
        var epochs = Epochs(plan, network, speed, (train, validation));
        if (plan.Classifier is { } fitted)
        {
            var featured = speed.Featured(work, plan.Precision);
            parts.Add(new(RunPart.Features, (train * fitted.Views / featured) + (validation / speed.Served(work))));
            parts.Add(new(RunPart.Fitting, FittingSeconds));
            judged = validation > 0 ? 0 : train;
        }
        else if (epochs.Once > 0)
        {
            parts.Add(new(RunPart.Features, epochs.Once));
        }

        var compared = Math.Min(Compared, Math.Max(train, validation));
        parts.Add(new(RunPart.Parity, 1 + (compared / speed.Served(work)) + (compared / speed.Compared(work))));
        var again = plan.FineTuning is null ? 0 : (train / speed.Featured(work, plan.Precision)) + (validation / speed.Served(work));
        parts.Add(new(RunPart.Evaluating, again + ((judged + test) / speed.Served(work))));
        parts.Add(new(RunPart.Publishing, PublishingSeconds));
        return epochs.Each == 0 ? new(parts) { Shortest = parts.Sum(part => part.Value) } : WithEpochs(plan, parts, epochs);
    }

    /// <summary>Puts the epochs into their place: those of the plan, or as many as its budget leaves time for, at least one.</summary>
    private static RunEstimate WithEpochs(TrainingPlan plan, List<KeyValuePair<RunPart, double>> parts, StepTimes epochs)
    {
        var epoch = epochs.Each;
        var (wanted, ahead) = plan.FineTuning is null ? (plan.Epochs, 0) : (plan.Epochs - 1, epochs.Once);
        var rest = parts.Sum(part => part.Value);
        var fit = plan.Budget is { } budget
            ? Math.Clamp(Math.Floor((budget.Total.TotalSeconds - rest - ahead) / epoch), 1, wanted)
            : wanted;
        parts.Insert(parts.FindIndex(part => part.Key > RunPart.Epochs), new(RunPart.Epochs, ahead + (fit * epoch)));
        return new(parts)
        {
            EpochSeconds = epoch,
            OnceSeconds = ahead,
            StepSecondsPerImage = epochs.StepPerImage,
            Shortest = rest + ahead + epoch,
        };
    }

    private static StepTimes Epochs(
        TrainingPlan plan, ResolvedNetwork network, MachineSpeed speed, (int Training, int Validation) images)
    {
        if (plan is { Classifier: not null, FineTuning: null })
        {
            return default;
        }

        var (train, validation) = (images.Training, plan.FineTuning is null ? images.Validation : images.Validation / 2);
        var (frozen, trained, isFixed) = Divide(plan, network);
        var steps = (train / speed.Trained(trained)) + (validation / speed.Forward(trained));
        var ahead = frozen > 0 ? (train + validation) / speed.Forward(frozen) : 0;
        var step = (1 / speed.Trained(trained)) + (frozen > 0 ? 1 / speed.Forward(frozen) : 0);
        return isFixed ? new(ahead, steps, step) : new(0, steps + ahead, step);
    }

    /// <summary>
    /// Multiply-adds of the frozen beginning and of what is trained; and whether the values of the beginning are computed once, since no
    /// image is changed.
    /// </summary>
    private static (double Frozen, double Trained, bool IsFixed) Divide(TrainingPlan plan, ResolvedNetwork network)
    {
        var names = plan.FineTuning is { } tuning ? FrozenPrefix.Choose(network, tuning.Share) : plan.Frozen ?? [];
        var work = network.Layers.Sum(layer => (double)layer.MultiplyAdds);
        var frozen = network.Layers.Where(layer => names.Contains(layer.Name)).Sum(layer => (double)layer.MultiplyAdds);
        return (frozen, Math.Max(1, work - frozen), plan.Augmentation == AugmentationSpec.None && plan.Mixup == 0);
    }

    /// <summary>Seconds of training in steps; all 0 where there is none.</summary>
    /// <param name="Once">Of what is computed once for all epochs.</param>
    /// <param name="Each">Of an epoch.</param>
    /// <param name="StepPerImage">Of a step of the whole network, for each image.</param>
    private readonly record struct StepTimes(double Once, double Each, double StepPerImage);
}
