using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Training.Evaluation;
using CnnService.Core.Training.Transfer;

namespace CnnService.Core.Training.Fitting;

/// <summary>
/// Fits a classifier and, where the plan wants it, trains the end of its network in steps, and keeps what has the least loss on the
/// validation images that choices are based on: the fitted network, the best epoch, or the mean of the later epochs' weights. Each is
/// judged at the temperature that suits it best, as it will be served: training on makes a network too sure of itself, which the
/// temperature undoes, and would hide that it is right more often.
/// </summary>
/// <param name="fitting">Fits the classifier, and judges weights as they will be served.</param>
/// <param name="trainer">Trains.</param>
/// <param name="time">The clock.</param>
public sealed class FineTuner(ClassifierFitting fitting, ITrainer trainer, TimeProvider time)
{
    /// <summary>Failures of the training after which there is still the fitted network.</summary>
    private static readonly string[] Survivable = ["training.diverged", "training.out-of-memory"];

    /// <summary>
    /// Blocks. Problem codes: those of <see cref="ClassifierFitting.Run"/>, and of <see cref="ITrainer"/> but for a divergence and a lack
    /// of memory, after which the fitted network is given.
    /// </summary>
    /// <param name="training">The plan, which has a <see cref="TrainingPlan.Classifier"/>.</param>
    /// <param name="images">The images.</param>
    /// <param name="folder">The run's folder.</param>
    /// <param name="clock">The time it has.</param>
    /// <param name="observer">Told of the fit as the first epoch, and of those of the training after it.</param>
    /// <param name="cancel">Stops it at the next step.</param>
    internal Outcome<FittedNetwork> Run(
        PlannedTraining training, FittingImages images, string folder, IRemainingTime clock, ITrainingObserver observer,
        CancellationToken cancel)
    {
        if (training.Plan.FineTuning is null)
        {
            return fitting.Run(training, images, observer, cancel);
        }

        var before = RunHistory.Read(folder);
        return fitting.Run(training, images, observer, cancel).Bind(fitted =>
        {
            var tuning = new Tuning(training, images, fitted, folder, before, clock, observer, cancel) { TimeStep = trainer.TimeStep };
            return tuning.ReasonNotToTrain(out var epochs) is { } reason ? Keep(fitted, observer, reason) : Tune(tuning, epochs);
        });
    }

    private Outcome<FittedNetwork> Tune(Tuning tuning, int epochs)
    {
        var (stage, observer) = (tuning.Stage(epochs), tuning.Observer);
        tuning.Clock.Decided(epochs);
        observer.Begin(RunPart.Epochs);
        observer.Log($"Training {tuning.Describe(stage)} for {epochs} {(epochs == 1 ? "epoch" : "epochs")}.");
        using var late = tuning.CreateTimeout(time);
        using var again = new CancellationTokenSource();
        using var any = CancellationTokenSource.CreateLinkedTokenSource(tuning.Cancel, late.Token, again.Token);
        var decided = epochs;
        var heard = new FineTuningObserver(observer, tuning.Before, epochs, time)
        {
            Completed = () => late.CancelAfter(Timeout.InfiniteTimeSpan),
            FirstTook = seconds =>
            {
                decided = tuning.DecideAgain(epochs, seconds);
                if (decided != epochs)
                {
                    again.Cancel();
                }
            },
        };
        Outcome<TrainedNetwork>? trained = null;
        try
        {
            using var judges = new SelectedImages(tuning.Images.Validation, tuning.Choosing);
            trained = trainer.Train(stage, tuning.Images.Training, judges, tuning.Checkpoints, heard, any.Token);
        }
        catch (OperationCanceledException) when (again.IsCancellationRequested && !tuning.Cancel.IsCancellationRequested)
        {
            // It goes on from its checkpoint, with the other number of epochs.
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !tuning.Cancel.IsCancellationRequested)
        {
            return Keep(tuning.Fitted, observer, "The time was over before one epoch was done.");
        }

        return trained?.Problem is { } problem && Survivable.Contains(problem.Code)
            ? Keep(tuning.Fitted, observer, problem.Detail)
            : again.IsCancellationRequested && trained?.Problem is null ? Tune(tuning with { Before = [], IsDecided = true }, decided)
            : trained!.Bind(tuned => Choose(tuning, tuned, heard.Mean));
    }

    private Outcome<FittedNetwork> Choose(Tuning tuning, TrainedNetwork tuned, WeightMean mean)
    {
        var fitted = tuning.Fitted;
        var first = Judged.From("the fitted classifier", null,
            new LabelledLogits(fitted.Logits, tuning.Labels) { Sets = tuning.Training.LabelSets }.Select(tuning.Choosing));
        return Judge(tuning, "the best epoch", tuned).Bind(epoch => Mean(tuning, tuned, mean).Bind(averaged =>
        {
            Judged[] all = [first, epoch, .. averaged is null ? [] : new[] { averaged }];
            var best = all.MinBy(one => one.ServedLoss)!; // Of equal ones the first.
            tuning.Observer.Log($"On {tuning.Choosing.Length} validation images: {string.Join("; ", all.Select(one => one.Words))}.");
            return best.Network is { } network
                ? fitting.Judge(tuning.Training, network with { Best = network.Best with { Epoch = network.Best.Epoch + 1 } },
                    tuning.Images, tuning.Judging, tuning.Observer, tuning.Cancel)
                : Keep(fitted, tuning.Observer, "The fitted classifier is better.");
        }));
    }

    /// <summary>The mean of the weights with its figures; null where it is of fewer than two epochs.</summary>
    private Outcome<Judged?> Mean(Tuning tuning, TrainedNetwork tuned, WeightMean mean) => mean.Count < 2
        ? Outcome.Success<Judged?>(null)
        : Judge(tuning, $"the mean of {mean.Count} epochs' weights", tuned with { Weights = mean.Value, Best = tuned.History[^1] })
            .Map(judged => (Judged?)judged);

    private Outcome<Judged> Judge(Tuning tuning, string name, TrainedNetwork network)
    {
        using var judges = new SelectedImages(tuning.Images.Validation, tuning.Choosing);
        return fitting.Logits(tuning.Training, network.Weights, judges, tuning.Cancel)
            .Map(logits => Judged.From(name, network, logits));
    }

    private static FittedNetwork Keep(FittedNetwork fitted, ITrainingObserver observer, string reason)
    {
        observer.Log($"{reason} The fitted classifier is kept.");
        return fitted;
    }

    /// <summary>A network that may be kept, and what it is worth on the images that choices are based on.</summary>
    /// <param name="Name">For the log.</param>
    /// <param name="Network">Null: the fitted one.</param>
    /// <param name="Loss">Mean loss.</param>
    /// <param name="ServedLoss">The same at the temperature that suits it best; with any number of labels there is none.</param>
    /// <param name="Accuracy">0–1.</param>
    private sealed record Judged(string Name, TrainedNetwork? Network, double Loss, double ServedLoss, double Accuracy)
    {
        public string Words => $"{Name} has a loss of {Loss:F4} ({ServedLoss:F4} at its temperature) and an accuracy of {Accuracy:F3}";

        public static Judged From(string name, TrainedNetwork? network, LabelledLogits images)
        {
            var (loss, accuracy) = images.Judge();
            var best = network is null ? null
                : network with { Best = network.Best with { ValidationLoss = loss, ValidationAccuracy = accuracy } };
            return new(name, best, loss, images.Sets is null ? TemperatureScaling.LeastLoss(images) : loss, accuracy);
        }
    }

    /// <summary>What is tuned, and with what.</summary>
    /// <param name="Before">Epochs of former attempts, the fit among them.</param>
    private sealed record Tuning(
        PlannedTraining Training, FittingImages Images, FittedNetwork Fitted, string Folder, IReadOnlyList<EpochMetrics> Before,
        IRemainingTime Clock, ITrainingObserver Observer, CancellationToken Cancel)
    {
        private readonly (int[] Choosing, int[] Judging) _halves = ValidationHalves.Divide(Images.ValidationHashes);

        /// <summary>Measures a step of a plan: <see cref="ITrainer.TimeStep"/>.</summary>
        public required Func<PlannedTraining, CancellationToken, Outcome<double>> TimeStep { get; init; }

        /// <summary>Whether the number of epochs stays as it is; it does after the first epoch.</summary>
        public bool IsDecided { get; init; }

        public int[] Choosing => _halves.Choosing;

        public int[] Judging => _halves.Judging;

        public int[] Labels => [.. Enumerable.Range(0, Images.Validation.Count).Select(Images.Validation.Label)];

        public string Checkpoints => Directory.CreateDirectory(Path.Combine(Folder, RunFolder.CheckpointsFolder)).FullName;

        /// <summary>Why nothing is trained; null with the number of epochs where it is.</summary>
        public string? ReasonNotToTrain(out int epochs)
        {
            epochs = 0;
            if (Choosing.Length < StrengthSelection.MinImages || Judging.Length == 0)
            {
                return "There are too few validation images to tell whether training further makes it better.";
            }

            if (Observer.EndsEarly && Before.Count <= 1) // Else the training gives the best of the epochs that were done.
            {
                return "The run is to end now.";
            }

            epochs = Decide();
            return epochs == 0 ? "There is no time for an epoch of training." : null;
        }

        /// <summary>The plan of the training.</summary>
        public PlannedTraining Stage(int epochs)
        {
            var frozen = FrozenPrefix.Choose(Training.Network, Training.Plan.FineTuning!.Share);
            return Training with
            {
                Plan = Training.Plan with
                {
                    Epochs = epochs,
                    Classifier = null,
                    FineTuning = null,
                    FeatureCache = null,
                    Frozen = frozen.Count > 0 ? frozen : null,
                },
                Weights = Fitted.Trained.Weights,
            };
        }

        /// <summary>What is trained, in words.</summary>
        public string Describe(PlannedTraining stage) =>
            stage.Plan.Frozen is not { } frozen ? "all layers"
                : "the layers from "
                    + $"'{Training.Network.Layers.First(layer => layer.Parameters > 0 && !frozen.Contains(layer.Name)).Name}' on";

        /// <summary>Cancelled when the time for training is over.</summary>
        public CancellationTokenSource CreateTimeout(TimeProvider time) => Clock.SecondsLeft is var left && double.IsInfinity(left)
            ? new()
            : new(TimeSpan.FromSeconds(Math.Max(0, left)), time);

        /// <summary>The number of epochs, which a former attempt may have decided: rates follow from it.</summary>
        private int Decide()
        {
            var file = Path.Combine(Folder, RunFolder.FineTuningFile);
            if (File.Exists(file))
            {
                return JsonSerializer.Deserialize<int>(RegularFile.ReadAllBytes(file), CoreJson.Options);
            }

            var wanted = Training.Plan.Epochs - 1;
            return Keep(double.IsInfinity(Clock.SecondsLeft) ? wanted : Clock.EpochsThatFit(wanted, MeasureStep(wanted)));
        }

        private int Keep(int epochs)
        {
            DurableFile.Write(
                Path.Combine(Folder, RunFolder.FineTuningFile), JsonSerializer.SerializeToUtf8Bytes(epochs, CoreJson.Options));
            return epochs;
        }

        /// <summary>
        /// The number of epochs once the first is done: steps measured before it tell less than it does. Another than before only where
        /// they differ by more than a tenth.
        /// </summary>
        /// <param name="epochs">The number so far.</param>
        /// <param name="seconds">What the first took.</param>
        public int DecideAgain(int epochs, double seconds)
        {
            if (IsDecided || double.IsInfinity(Clock.SecondsLeft) || Observer.EndsEarly)
            {
                return epochs;
            }

            var again = 1 + Clock.EpochsStillFit(Training.Plan.Epochs - 2, seconds);
            if (Math.Abs(again - epochs) * 10 <= epochs)
            {
                return epochs;
            }

            Observer.Log($"The first epoch took {seconds:F0} s: there is time for {again} in all, not {epochs}.");
            return Keep(again);
        }

        /// <summary>Null where a step cannot be measured: the training will say why.</summary>
        private double? MeasureStep(int epochs)
        {
            var step = TimeStep(Stage(epochs), Cancel);
            if (step.Problem is not null)
            {
                return null;
            }

            Observer.Log($"Training goes at {1 / step.Value:F0} images a second just now.");
            return step.Value;
        }
    }
}
