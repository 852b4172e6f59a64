using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Datasets.Revisions;
using CnnService.Core.Models;
using CnnService.Core.Training.Advice;
using CnnService.Core.Training.Evaluation;
using CnnService.Core.Training.Snapshots;

namespace CnnService.Core.Training.Runs;

/// <summary>
/// Runs a training plan to a model package, on plain folders: pixels, training, export, parity check, evaluation, package. Finished steps
/// are
/// not repeated, so an interrupted run continues where it stopped.
/// </summary>
public sealed class TrainingPipeline(
    IPixelCache cache, ITrainer trainer, INetworkRunnerFactory runners, IModelExporter exporter, IOnnxRunnerFactory onnx, IEpochLog log,
    TimeProvider time)
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
                .Bind(dataset => TrainAndAdvise(new(training, dataset, folder, package, gate), observer, cancel));
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
        var outcome = Train(work, Gated(work, WithSnapshots(work, recorder), cancel), cancel);
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

    private Outcome<ModelManifest> Train(Work work, ITrainingObserver observer, CancellationToken cancel) =>
        OpenPixels(work, Split.Train, cancel).Bind(training =>
        {
            using var _ = training;
            return OpenPixels(work, Split.Validation, cancel).Bind(validation =>
            {
                using var __ = validation;
                var checkpoints = Directory.CreateDirectory(Path.Combine(work.Folder, RunFolder.CheckpointsFolder)).FullName;
                var judged = validation.Count > 0 ? new EvaluationInput(Split.Validation, validation) : new(Split.Train, training);
                return trainer.Train(work.Training, training, validation, checkpoints, observer, cancel)
                    .Bind(trained => Publish(work, trained, judged, observer, cancel));
            });
        });

    private Outcome<IPixelSource> OpenPixels(Work work, Split split, CancellationToken cancel)
    {
        var input = work.Network.Spec.Input;
        return Has(work.Dataset, split)
            ? cache.Open(work.Plan.DatasetFolder, work.Dataset, split, input.Height, input.Width, input.Channels, cancel)
            : Outcome.Success<IPixelSource>(new EmptyPixelSource(input.Height, input.Width, input.Channels));
    }

    private Outcome<ModelManifest> Publish(
        Work work, TrainedNetwork trained, EvaluationInput images, ITrainingObserver observer, CancellationToken cancel)
    {
        var plan = work.Plan;
        work.Gate?.Pass(cancel);
        observer.Log($"Exporting the weights of epoch {trained.Best.Epoch}.");
        var file = exporter.Export(work.Network, trained.Weights, plan.Classes, plan.Preprocessing);
        return onnx.Load(file, plan.Preprocessing).Bind(runner =>
        {
            using var _ = runner;
            return Compare(work, trained, runner, images, observer, cancel).Bind(parity =>
                Evaluate(work, new(trained.Best.Epoch, file, runner, work.Dataset), images, observer, cancel)
                    .Bind<Verdict>(evaluation => new Verdict(parity, evaluation)));
        }).Bind<ModelManifest>(verdict =>
        {
            work.Gate?.Pass(cancel);
            return ModelPackage.Write(work.Package, Manifest(work, trained.Best, verdict), file, trained.Weights);
        });
    }

    private Outcome<ParityReport> Compare(
        Work work, TrainedNetwork trained, INetworkRunner candidate, EvaluationInput images, ITrainingObserver observer,
        CancellationToken cancel)
    {
        using var reference = runners.Load(work.Network, trained.Weights, work.Plan.Preprocessing);
        var parity = ParityCheck.Compare(reference, candidate, images.Source, cancel);
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
        Work work, ExportedNetwork network, EvaluationInput images, ITrainingObserver observer, CancellationToken cancel)
    {
        work.Gate?.Pass(cancel);
        var evaluation = RunEvaluator.Evaluate(network, images, () => OpenPixels(work, Split.Test, cancel), work.Folder, cancel);
        foreach (var part in evaluation.Succeeded ? new[] { evaluation.Value.Validation, evaluation.Value.Test } : [])
        {
            if (part is not null)
            {
                observer.Log($"On {part.Images} {part.Split.ToWireName()} images: accuracy {part.Accuracy:F3}, loss {part.Loss:F3}.");
            }
        }

        return evaluation;
    }

    private ModelManifest Manifest(Work work, EpochMetrics best, Verdict verdict) => new()
    {
        Classes = work.Plan.Classes,
        Network = work.Network.Spec,
        Architecture = work.Plan.Architecture,
        Preprocessing = work.Plan.Preprocessing,
        Origin = new(work.Plan.RunId, work.Plan.Dataset, work.Plan.DatasetDigest, best.Epoch, work.Plan.DatasetRevision),
        Metrics = new(
            best.Loss, best.Accuracy, best.ValidationLoss, best.ValidationAccuracy, verdict.Evaluation.Test?.Loss,
            verdict.Evaluation.Test?.Accuracy),
        Parity = verdict.Parity,
        Baseline = verdict.Evaluation.Validation is { Tenths: { } tenths } judged ? new(judged.Split.ToWireName(), tenths) : null,
        Files = [],
        CreatedAt = time.GetUtcNow(),
    };

    private sealed record Work(PlannedTraining Training, DatasetManifest Dataset, string Folder, string Package, ITrainingGate? Gate)
    {
        public TrainingPlan Plan => Training.Plan;

        public ResolvedNetwork Network => Training.Network;
    }

    private sealed record Verdict(ParityReport Parity, RunEvaluation Evaluation);
}
