using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Datasets.Revisions;
using CnnService.Core.Models;
using CnnService.Core.Training.Advice;
using CnnService.Core.Training.Evaluation;
using CnnService.Core.Training.Fitting;
using CnnService.Core.Training.Snapshots;

namespace CnnService.Core.Training.Runs;

/// <summary>
/// Runs a training plan to a model package, on plain folders: pixels, training, export, parity check, evaluation, package. Finished steps
/// are not repeated, so an interrupted run continues where it stopped.
/// </summary>
public sealed class TrainingPipeline(
    IPixelCache cache, ITrainer trainer, FineTuner tuner, INetworkRunnerFactory runners, IModelExporter exporter,
    IOnnxRunnerFactory onnx, IEpochLog log, TimeProvider time)
{
    /// <summary>
    /// Runs the plan. Blocks. Problem codes, besides those of <see cref="ITrainer"/> and <see cref="IPixelCache"/>:
    /// <c>dataset.not-found</c>, <c>dataset.changed</c>, <c>dataset.empty</c>, <c>export.parity</c>, <c>storage.full</c>.
    /// </summary>
    /// <param name="training">The validated plan, with its network resolved.</param>
    /// <param name="folder">The run's folder; written as described by <see cref="RunFolder"/>.</param>
    /// <param name="observer">Receives the events of the run.</param>
    /// <param name="cancel">Stops it at the next step, with <see cref="OperationCanceledException"/>.</param>
    /// <param name="gate">Is passed before each step and each file; null: it may always go on.</param>
    public Outcome<ModelManifest> Run(
        PlannedTraining training, string folder, ITrainingObserver observer, CancellationToken cancel, ITrainingGate? gate = null)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(observer);
        var package = Path.Combine(folder, RunFolder.PackageFolder);
        if (ModelPackage.Verify(package) is { Succeeded: true } finished && RunEvaluation.Read(folder) is not null)
        {
            return finished;
        }

        try
        {
            return ReadDataset(training.Plan)
                .Bind(dataset => TrainAndAdvise(
                    new(training with { LabelSets = dataset.LabelSets }, dataset, folder, package, gate), observer, cancel));
        }
        catch (IOException failure) when (failure.IsDiskFull())
        {
            return new Problem(ProblemKind.StorageFull, "storage.full",
                "The disk is full: free some space, then resume the run from its last checkpoint.");
        }
        catch (IOException failure) when (failure.IsDeviceFault())
        {
            return DiskFullErrors.FaultProblem("resumed, the run goes on from its last checkpoint.");
        }
    }

    private static Outcome<DatasetManifest> ReadDataset(TrainingPlan plan) =>
        DatasetFolder.ReadManifest(plan.DatasetFolder, plan.DatasetRevision).Bind(manifest =>
            manifest.Digest != plan.DatasetDigest
                ? Problem.Conflict("dataset.changed",
                    $"The data set '{plan.Dataset}' has changed since this run was planned: start another.")
            : !Has(manifest, Split.Train)
                ? Problem.Unprocessable("dataset.empty", $"The data set '{plan.Dataset}' has no training images.")
            : (Outcome<DatasetManifest>)manifest);

    private static bool Has(DatasetManifest manifest, Split split) => manifest.Images.CountOf(split) > 0;

    /// <summary>Trains, records the metrics and logs the advice on them, however the run ended.</summary>
    private Outcome<ModelManifest> TrainAndAdvise(Work work, ITrainingObserver observer, CancellationToken cancel)
    {
        Directory.CreateDirectory(work.Folder);
        var recorder = new RunRecorder(observer, log, work.Folder);
        var estimate = RunEstimate.Create(work.Training, work.Dataset, work.Plan.Speed ?? MachineSpeed.Typical(Environment.ProcessorCount));
        var gated = Gated(work, WithSnapshots(work, recorder), cancel);
        var clock = new RunClock(gated, estimate, time, RunEpochs.Of(work.Plan), work.Plan.Budget?.Ends);
        var outcome = Train(work with { Clock = clock }, new ClockedObserver(gated, clock), cancel);
        foreach (var advice in recorder.HasStarted ? TrainingAdvisor.Advise(Facts(work, recorder.History, outcome.Problem)) : [])
        {
            observer.Log($"Advice ({advice.Code}): {advice.Advice} {advice.Evidence}");
        }

        return outcome;
    }

    private static ITrainingObserver WithSnapshots(Work work, ITrainingObserver observer) => work.Plan.SnapshotBytes is { } budget
        ? new SnapshotRecorder(observer, work.Folder, budget, () => DiskSpace.FreeAt(work.Folder))
        : observer;

    private static ITrainingObserver Gated(Work work, ITrainingObserver observer, CancellationToken cancel) =>
        work.Gate is { } gate ? new GatedObserver(observer, gate, cancel) : observer;

    private static RunFacts Facts(Work work, IReadOnlyList<EpochMetrics> history, Problem? problem) => new()
    {
        Plan = work.Plan,
        History = history,
        TrainingImages = work.Dataset.CountByClass(Split.Train),
        Evaluation = problem is null ? RunEvaluation.Read(work.Folder)?.Validation : null,
        Failure = problem?.Code,
    };

    private Outcome<ModelManifest> Train(Work work, ITrainingObserver observer, CancellationToken cancel)
    {
        observer.Begin(RunPart.Preparing);
        var decoding = new DecodingProgress(observer, work.Dataset.Images.Count - work.Dataset.Images.CountOf(Split.Test));
        return OpenPixels(work, Split.Train, cancel, decoding).Bind(training =>
        {
            using var _ = training;
            return OpenPixels(work, Split.Validation, cancel, decoding).Bind(validation =>
            {
                using var __ = validation;
                var judged = validation.Count > 0 ? new EvaluationInput(Split.Validation, validation) : new(Split.Train, training);
                return work.Plan.Classifier is null
                    ? Train(work, training, validation, observer, cancel)
                        .Bind(trained => Publish(
                            work, trained, () => Familiarity(work, trained, training, validation, cancel), judged, observer, cancel))
                    : Fit(work, training, validation, observer, cancel)
                        .Bind(fitted => Publish(
                            work, fitted.Trained, () => Outcome.Success(fitted.Familiarity), judged with { Known = Known(fitted) },
                            observer, cancel));
            });
        });
    }

    private Outcome<TrainedNetwork> Train(
        Work work, IPixelSource training, IPixelSource validation, ITrainingObserver observer, CancellationToken cancel)
    {
        var checkpoints = Directory.CreateDirectory(Path.Combine(work.Folder, RunFolder.CheckpointsFolder)).FullName;
        return trainer.Train(work.Training, training, validation, checkpoints, observer, cancel);
    }

    private Outcome<FittedNetwork> Fit(
        Work work, IPixelSource training, IPixelSource validation, ITrainingObserver observer, CancellationToken cancel)
    {
        var images = work.Dataset.Images.ToLookup(image => image.Split, image => image.Sha256);
        return tuner.Run(
            work.Training, new(training, [.. images[Split.Train]], validation, [.. images[Split.Validation]]), work.Folder, work.Clock,
            observer, cancel);
    }

    private Outcome<FittedFamiliarity?> Familiarity(
        Work work, TrainedNetwork trained, IPixelSource training, IPixelSource validation, CancellationToken cancel) =>
        new VersionFamiliarity(exporter, onnx).Fit(
            new(work.Network, trained.Weights, work.Plan.Preprocessing)
            {
                Training = training,
                Validation = validation,
                ValidationHashes = [.. work.Dataset.Images.Of(Split.Validation).Select(image => image.Sha256)],
            },
            cancel);

    private static KnownLogits? Known(FittedNetwork fitted) =>
        fitted.Judging.Count > 0 ? new(fitted.Logits, fitted.Judging) : null;

    private Outcome<IPixelSource> OpenPixels(Work work, Split split, CancellationToken cancel, IProgress<int>? decoded = null)
    {
        var input = work.Network.Spec.Input;
        return Has(work.Dataset, split)
            ? cache.Open(work.Plan.DatasetFolder, work.Dataset, split, input.Height, input.Width, input.Channels, cancel, decoded)
            : Outcome.Success<IPixelSource>(new EmptyPixelSource(input.Height, input.Width, input.Channels));
    }

    private Outcome<ModelManifest> Publish(
        Work work, TrainedNetwork trained, Func<Outcome<FittedFamiliarity?>> familiarity, EvaluationInput images,
        ITrainingObserver observer, CancellationToken cancel)
    {
        var plan = work.Plan;
        work.Gate?.Pass(cancel);
        observer.Begin(RunPart.Parity);
        observer.Log(plan.Classifier is null ? $"Exporting the weights of epoch {trained.Best.Epoch}." : "Exporting the network.");
        var file = exporter.Export(work.Network, trained.Weights, plan.Classes, plan.Preprocessing);
        return onnx.Load(file, plan.Preprocessing).Bind(runner =>
        {
            using var _ = runner;
            return Compare(work, trained, runner, images, observer, cancel)
                .Bind(parity => Judge(work, trained, file, runner, images, observer, cancel)
                    .Bind(evaluation => familiarity().Map(fitted => new Verdict(parity, evaluation, fitted))));
        }).Bind<ModelManifest>(verdict =>
        {
            work.Gate?.Pass(cancel);
            observer.Begin(RunPart.Publishing);
            var served = exporter.Export(work.Network, trained.Weights, plan.Classes, plan.Preprocessing, new()
            {
                Temperature = verdict.Evaluation.Calibration?.Temperature ?? 1,
                Familiarity = verdict.Familiarity?.Head,
            });
            return ModelPackage.Write(
                work.Package, Manifest(work, trained.Best, verdict), served, trained.Weights, verdict.Familiarity?.Head);
        });
    }

    /// <summary>
    /// Runs the exported network on the images, calibrates it by its logits, and judges what will be served; not again where a former
    /// attempt has done it.
    /// </summary>
    private Outcome<RunEvaluation> Judge(
        Work work, TrainedNetwork trained, byte[] file, INetworkRunner runner, EvaluationInput images, ITrainingObserver observer,
        CancellationToken cancel)
    {
        work.Gate?.Pass(cancel);
        observer.Begin(RunPart.Evaluating);
        return RunEvaluator.Find(work.Folder, file, work.Dataset) is { } before
            ? before
            : Evaluate(work, new(trained.Best.Epoch, file, runner, work.Dataset, Judged(work, images, observer)), images, observer, cancel);
    }

    /// <summary>Null where there are too many images and classes to keep all logits: they are then judged as they come.</summary>
    private static KnownLogits? ReadLogits(
        Work work, INetworkRunner runner, EvaluationInput images, Action<int> told, CancellationToken cancel) =>
        (long)images.Source.Count * work.Network.Outputs > LabelledLogits.MaxValues
            ? null
            : new(LabelledLogits.Read(runner, images.Source, told, cancel).Values, [.. Enumerable.Range(0, images.Source.Count)]);

    /// <summary>Null where there are no validation images, or too few.</summary>
    private static VersionCalibration? Calibrate(Work work, KnownLogits known, EvaluationInput images)
    {
        if (images.Split != Split.Validation || work.Plan.Task == DatasetTask.MultiLabel)
        {
            return null;
        }

        var (choosing, judging) = ValidationHalves.Divide(work.Dataset.Images.Of(Split.Validation).Select(image => image.Sha256));
        int[] labels = [.. Enumerable.Range(0, images.Source.Count).Select(images.Source.Label)];
        return TemperatureScaling.Calibrate(new(known.Values, labels), choosing, judging);
    }

    private Outcome<ParityReport> Compare(
        Work work, TrainedNetwork trained, INetworkRunner candidate, EvaluationInput images, ITrainingObserver observer,
        CancellationToken cancel)
    {
        using var reference = runners.Load(work.Network, trained.Weights, work.Plan.Preprocessing);
        var parity = ParityCheck.Compare(reference, candidate, images.Source, cancel)
            .Bind(report => images.Known is { } known
                ? ParityCheck.Compare(known.Values, candidate, images.Source, cancel).Map(_ => report)
                : report);
        if (parity.Succeeded)
        {
            observer.Log($"Trained and exported network agree within {parity.Value.LargestDifference:g3} on {parity.Value.Images} images.");
        }

        return parity.Bind<ParityReport>(report => report with
        {
            On = images.Split == Split.Train ? ParityImages.Train : ParityImages.Validation,
            Reference = ParityReference.TorchSharp,
        });
    }

    private Outcome<RunEvaluation> Evaluate(
        Work work, ExportedNetwork exported, EvaluationInput images, ITrainingObserver observer, CancellationToken cancel)
    {
        if (work.Plan.Task == DatasetTask.MultiLabel)
        {
            return MultiLabelEvaluator.Evaluate(exported, images, () => OpenPixels(work, Split.Test, cancel), work.Folder, cancel)
                .Map(judged => Tell(judged, observer));
        }

        var known = images.Known ?? ReadLogits(work, exported.Runner, images, exported.Done, cancel);
        var calibration = known is null ? null : Calibrate(work, known, images);
        if (calibration is not null)
        {
            observer.Log(
                $"Calibrated with temperature {calibration.Temperature:F2}: the mean error of the probabilities is "
                + $"{calibration.EceAfter:P1} on {calibration.JudgedOn} validation images, without it {calibration.EceBefore:P1}.");
        }

        return RunEvaluator.Evaluate(
            exported with { Calibration = calibration }, images with { Known = known }, () => OpenPixels(work, Split.Test, cancel),
            work.Folder, cancel).Map(judged => Tell(judged, observer));
    }

    private static RunEvaluation Tell(RunEvaluation judged, ITrainingObserver observer)
    {
        foreach (var part in new[] { judged.Validation, judged.Test }.OfType<SplitEvaluation>())
        {
            observer.Log($"On {part.Images} {part.Split.ToWireName()} images: accuracy {part.Accuracy:F3}, loss {part.Loss:F3}"
                + (part.MultiLabel is { } over
                    ? $", micro F1 {over.MicroF1:F3}, mean average precision {over.MeanAveragePrecision:F3}." : "."));
        }

        return judged;
    }

    /// <summary>Tells of images as they are judged: first those of one split, then those of the test split.</summary>
    private static Action<int> Judged(Work work, EvaluationInput images, ITrainingObserver observer)
    {
        var total = (images.Known is null ? images.Source.Count : 0) + work.Dataset.Images.CountOf(Split.Test);
        var (before, last) = (0, 0);
        return done =>
        {
            before += done < last ? last : 0;
            last = done;
            observer.Advance(RunPart.Evaluating, before + done, total);
        };
    }

    private ModelManifest Manifest(Work work, EpochMetrics best, Verdict verdict) => new()
    {
        Classes = work.Plan.Classes,
        Network = work.Network.Spec,
        Architecture = work.Plan.Architecture,
        Preprocessing = work.Plan.Preprocessing,
        Origin = new(work.Plan.RunId, work.Plan.Dataset, work.Plan.DatasetDigest, best.Epoch, work.Plan.DatasetRevision),
        Metrics = new(
            best.Loss, best.Accuracy, Finite.OrNull(best.ValidationLoss), Finite.OrNull(best.ValidationAccuracy),
            verdict.Evaluation.Test?.Loss, verdict.Evaluation.Test?.Accuracy),
        Parity = verdict.Parity,
        Calibration = verdict.Calibration,
        Thresholds = work.Plan.Task == DatasetTask.MultiLabel
            ? [.. verdict.Evaluation.Validation.Classes.Select(one => one.Threshold ?? ModelManifest.DefaultThreshold)]
            : null,
        Baseline = verdict.Evaluation.Validation is { Tenths: { } tenths } judged ? new(judged.Split.ToWireName(), tenths) : null,
        Files = [],
        CreatedAt = time.GetUtcNow(),
    };

    private sealed record Work(PlannedTraining Training, DatasetManifest Dataset, string Folder, string Package, ITrainingGate? Gate)
    {
        public TrainingPlan Plan => Training.Plan;

        public ResolvedNetwork Network => Training.Network;

        /// <summary>Set before the training begins.</summary>
        public IRemainingTime Clock { get; init; } = null!;
    }

    private sealed record Verdict(ParityReport Parity, RunEvaluation Evaluation, FittedFamiliarity? Familiarity)
    {
        /// <summary>Null where there were too few images for it.</summary>
        public VersionCalibration? Calibration => Evaluation.Calibration is { } calibration
            ? calibration with { Unknown = Familiarity?.Rule }
            : null;
    }
}
