using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Models;
using CnnService.Core.Training.Evaluation;
using CnnService.Core.Training.Transfer;

namespace CnnService.Core.Training.Fitting;

/// <summary>
/// Fits a classifier to the features of a start. Those of the training images are computed by the training engine in its fastest
/// arithmetic, or as they will be served where that is faster on the processor and no arithmetic was asked for; those of the validation
/// images as they will be served, so that they judge what is served.
/// </summary>
/// <param name="runners">Give features in the training engine.</param>
/// <param name="exporter">Writes the network that gives features as they will be served.</param>
/// <param name="onnx">Runs it.</param>
/// <param name="time">The clock.</param>
public sealed class ClassifierFitting(IFeatureRunners runners, IModelExporter exporter, IOnnxRunnerFactory onnx, TimeProvider time)
{
    private const long MaxCacheBytes = 2L << 30;
    private const string Processor = "cpu";

    /// <summary>
    /// Blocks. Problem codes: those of <see cref="StartingWeights"/>, <c>training.device-unavailable</c>, <c>model.corrupt</c>.
    /// </summary>
    /// <param name="training">The plan, which has a <see cref="TrainingPlan.Classifier"/>.</param>
    /// <param name="images">The images.</param>
    /// <param name="observer">Told of features as they are done, and of the result as of one epoch.</param>
    /// <param name="cancel">Checked between batches.</param>
    internal Outcome<FittedNetwork> Run(
        PlannedTraining training, FittingImages images, ITrainingObserver observer, CancellationToken cancel)
    {
        var (plan, network) = training;
        return StartingWeights.Initialize(plan.StartFrom, Zeros(network)).Bind(weights =>
            runners.Load(FeatureNetwork.Backbone(network), weights, plan).Bind(fast =>
            {
                using var runner = fast.Runner;
                return Serve(training, weights).Map(served =>
                {
                    using var _ = served.Runner;
                    var began = time.GetTimestamp();
                    var reading = new Reading(training, weights, images, observer, time, cancel);
                    var engine = reading.Choose(new(fast, served));
                    observer.Started(engine.Device, engine.Precision, 0);
                    var features = new Features(reading, reading.Training(engine), reading.Validation(served));
                    return Finish(features, engine, time.GetElapsedTime(began));
                });
            }));
    }

    /// <summary>
    /// What <see cref="Run"/> gives, for weights that were trained further: the classifier is theirs, and its validation figures are of
    /// the images that judge. Problems: those of it.
    /// </summary>
    /// <param name="training">The plan.</param>
    /// <param name="trained">The network's weights, with their figures.</param>
    /// <param name="images">The images.</param>
    /// <param name="judging">Indices of the validation images that no choice was based on.</param>
    /// <param name="observer">Told of features as they are done.</param>
    /// <param name="cancel">Checked between batches.</param>
    internal Outcome<FittedNetwork> Judge(
        PlannedTraining training, TrainedNetwork trained, FittingImages images, IReadOnlyList<int> judging, ITrainingObserver observer,
        CancellationToken cancel)
    {
        var (plan, network) = (training.Plan with { FeatureCache = null, Classifier = new() }, training.Network);
        return runners.Load(FeatureNetwork.Backbone(network), trained.Weights, plan).Bind(fast =>
        {
            using var runner = fast.Runner;
            return Serve(training, trained.Weights).Map(served =>
            {
                using var _ = served.Runner;
                var reading = new Reading(training with { Plan = plan }, trained.Weights, images, observer, time, cancel)
                {
                    Part = RunPart.Evaluating,
                };
                var table = reading.Training(reading.Choose(new(fast, served)));
                var validation = reading.Validation(served);
                var chooses = Enumerable.Range(0, validation.Count).Except(judging).ToArray();
                var classifier = Read(network, trained.Weights);
                var (loss, accuracy) = classifier.Judge(validation.Select(judging));
                var best = trained.Best with { ValidationLoss = loss, ValidationAccuracy = accuracy };
                return new FittedNetwork(trained with { Best = best }, Logits(classifier, network, validation), judging,
                    Familiarity(table, plan, validation.Select(chooses), validation.Select(judging), network));
            });
        });
    }

    /// <summary>The logits of a whole network, as it will be served. Problem code: <c>model.corrupt</c>.</summary>
    internal Outcome<LabelledLogits> Logits(
        PlannedTraining training, NamedWeights weights, IPixelSource images, CancellationToken cancel)
    {
        var (plan, network) = training;
        return onnx.Load(exporter.Export(network, weights, plan.Classes, plan.Preprocessing), plan.Preprocessing).Map(served =>
        {
            using (served)
            {
                return LabelledLogits.Read(served, images, _ => { }, cancel) with { Sets = training.LabelSets };
            }
        });
    }

    private static FittedNetwork Finish(Features features, FeatureRunner fast, TimeSpan elapsed)
    {
        var (reading, table, validation) = features;
        var (plan, network) = reading.Plan;
        var halves = ValidationHalves.Divide(reading.Images.ValidationHashes);
        var chosen = Choose(features, halves.Choosing);
        // One half chooses the strength, and whether epochs that follow are better.
        var choosesOnHalf = chosen.WasChosenOnHalf
            || (plan.FineTuning is not null && halves.Choosing.Length >= StrengthSelection.MinImages);
        int[] judging = choosesOnHalf ? halves.Judging : [.. Enumerable.Range(0, validation.Count)];
        Write(chosen.Result.Classifier, network, reading.Weights);
        var once = table.Select([.. Enumerable.Range(0, table.Count / plan.Classifier!.Views)]);
        var seen = chosen.Result.Classifier.Judge(once);
        (double Loss, double Accuracy) Judged(int[] images) =>
            images.Length == 0 ? (double.NaN, double.NaN) : chosen.Result.Classifier.Judge(validation.Select(images));
        EpochMetrics Metrics((double Loss, double Accuracy) judged) => new(
            1, seen.Loss, seen.Accuracy, judged.Loss, judged.Accuracy, 0, elapsed.TotalSeconds, table.Count / elapsed.TotalSeconds);
        var metrics = Metrics(Judged(judging));
        // Where epochs follow, each is measured on the images that choose between them.
        var shown = plan.FineTuning is not null && choosesOnHalf ? Metrics(Judged(halves.Choosing)) : metrics;
        reading.Observer.Log(chosen.Describe(validation.Count - judging.Length));
        reading.Observer.Epoch(shown);
        var logits = Logits(chosen.Result.Classifier, network, validation);
        var familiarity = Familiarity(once, plan, validation.Select(halves.Choosing), validation.Select(halves.Judging), network);
        return new FittedNetwork(new(reading.Weights, metrics, [shown], fast.Device, fast.Precision), logits, judging, familiarity);
    }

    /// <summary>Null where an image has any number of labels: how well it tells such images was not measured.</summary>
    private static FittedFamiliarity? Familiarity(
        FeatureTable training, TrainingPlan plan, FeatureTable choosing, FeatureTable judging, ResolvedNetwork network) =>
        plan.Task == DatasetTask.MultiLabel
            ? null : FamiliarityFit.Fit(training, plan.Classes.Count, choosing, judging, network.Output.Inputs[0]);

    private static Choice Choose(Features features, int[] choosing)
    {
        var (reading, table, validation) = features;
        var plan = reading.Plan.Plan;
        var task = new FittingTask(table, plan.Classifier!.Views, plan.Classes.Count, plan.ClassWeights);
        reading.Observer.Begin(RunPart.Fitting);
        if (plan.Classifier.Regularization is { } given)
        {
            return new(new(new LogisticRegression(table, task.Classes, task.ClassWeights).Fit(given, reading.Cancel), given), false, true);
        }

        var judges = validation.Select(choosing);
        return new(StrengthSelection.Choose(task, judges, reading.Cancel), judges.Count >= StrengthSelection.MinImages, false);
    }

    /// <summary>The network as it will be served, but for the classifier; owned by the caller.</summary>
    private Outcome<FeatureRunner> Serve(PlannedTraining training, NamedWeights weights)
    {
        var preprocessing = training.Plan.Preprocessing;
        return onnx.Load(exporter.Export(FeatureNetwork.Backbone(training.Network), weights, [], preprocessing), preprocessing)
            .Map(runner => new FeatureRunner(runner, Processor, Precision.Float32, IsServed: true));
    }

    /// <summary>Logits as the network gives them: one for two classes with a single output.</summary>
    private static float[] Logits(LinearClassifier classifier, ResolvedNetwork network, FeatureTable table)
    {
        var logits = classifier.Logits(table);
        return network.Outputs > 1 ? logits : [.. logits.Chunk(2).Select(pair => pair[1] - pair[0])];
    }

    /// <summary>Puts the classifier's weights in the place of the last layer's.</summary>
    private static void Write(LinearClassifier classifier, ResolvedNetwork network, NamedWeights weights)
    {
        var (kernel, bias) = (weights[$"{network.Output.Name}.weight"].Data, weights[$"{network.Output.Name}.bias"].Data);
        if (network.Outputs == classifier.Classes)
        {
            classifier.Weights.CopyTo(kernel, 0);
            classifier.Biases.CopyTo(bias, 0);
            return;
        }

        for (var i = 0; i < kernel.Length; i++)
        {
            kernel[i] = classifier.Weights[kernel.Length + i] - classifier.Weights[i];
        }

        bias[0] = classifier.Biases[1] - classifier.Biases[0];
    }

    /// <summary>The last layer as a classifier with one output a class; the reverse of <see cref="Write"/>.</summary>
    private static LinearClassifier Read(ResolvedNetwork network, NamedWeights weights)
    {
        var (kernel, bias) = (weights[$"{network.Output.Name}.weight"].Data, weights[$"{network.Output.Name}.bias"].Data);
        return network.Outputs > 1 ? new(kernel, bias) : new([.. new float[kernel.Length], .. kernel], [0, bias[0]]);
    }

    private static NamedWeights Zeros(ResolvedNetwork network)
    {
        var weights = new NamedWeights();
        foreach (var tensor in NetworkTensor.List(network))
        {
            weights.Add(tensor.Name, new(tensor.Shape, new float[tensor.Shape.Aggregate(1, (product, size) => product * size)]));
        }

        return weights;
    }

    private sealed record Features(Reading Reading, FeatureTable Training, FeatureTable Validation);

    /// <summary>How the strength was found.</summary>
    private sealed record Choice(ChosenClassifier Result, bool WasChosenOnHalf, bool WasGiven)
    {
        public string Describe(int left) => WasGiven
            ? $"The classifier was fitted with the strength {Result.Penalty:g3} that was asked for."
            : WasChosenOnHalf
                ? $"The classifier was fitted with the strength {Result.Penalty:g3}, which is best on one half of the validation images: "
                    + $"those {left} are left out of the figures."
            : $"The classifier was fitted with the strength {Result.Penalty:g3}, which is best in five-fold cross-validation on the "
                + "training images: there are too few validation images to choose on.";
    }

    /// <summary>Reads features and tells of it.</summary>
    private sealed record Reading(
        PlannedTraining Plan, NamedWeights Weights, FittingImages Images, ITrainingObserver Observer, TimeProvider Time,
        CancellationToken Cancel)
    {
        private int _done;

        /// <summary>Of the run, whose progress the features are.</summary>
        public RunPart Part { get; init; } = RunPart.Features;

        private int Total => (Images.Training.Count * Plan.Plan.Classifier!.Views) + Images.Validation.Count;

        private FeatureCache? Cache => Plan.Plan.FeatureCache is { } folder ? new(folder, MaxCacheBytes, Time) : null;

        private FeatureReader Reader => new(
            Cache, count => Observer.Advance(Part, _done += count, Total), Cancel);

        /// <summary>
        /// What gives the training images' features: the training engine on a GPU, in the arithmetic that was asked for, and where there
        /// are few images; else the engine that has given more of them before, and where neither has, the faster.
        /// </summary>
        public FeatureRunner Choose(FeatureEngines engines)
        {
            if (Plan.Plan.Precision != Precision.Auto || engines.Trained.Device != Processor
                || Images.Training.Count * Plan.Plan.Classifier!.Views < FeatureEngines.MinImages)
            {
                return engines.Trained;
            }

            var (trained, served) = (Known(engines.Trained), Known(engines.Served));
            return trained > served ? engines.Trained : served > 0 ? engines.Served : engines.Faster(Images.Training, Time);
        }

        public FeatureTable Training(FeatureRunner engine)
        {
            var network = Network(engine);
            FeatureTable[] views = [.. Enumerable.Range(0, Plan.Plan.Classifier!.Views)
                .Select(view => Reader.Read(Images.Training, Images.TrainingHashes, view, network))];
            return new FeatureTable(
                [.. views.SelectMany(view => view.Values)], network.Width, [.. views.SelectMany(view => view.Labels)])
            {
                Sets = Plan.LabelSets,
            };
        }

        public FeatureTable Validation(FeatureRunner served) =>
            Reader.Read(Images.Validation, Images.ValidationHashes, 0, Network(served)) with { Sets = Plan.LabelSets };

        /// <summary>How many of the training images are kept on disk as this engine gives them.</summary>
        private int Known(FeatureRunner engine)
        {
            var network = Network(engine);
            return Cache?.Count(network.Way, network.Width, Images.TrainingHashes.ToHashSet(StringComparer.Ordinal)) ?? 0;
        }

        private FeatureNetwork Network(FeatureRunner engine)
        {
            var arithmetic = engine.IsServed ? "served" : $"{engine.Precision} {engine.Device}";
            var last = Plan.Network.Find(Plan.Network.Output.Inputs[0])!;
            var way = ContentKey.Create("1", arithmetic, Plan.Plan.StartFrom!.WeightsHash, last.Name, Plan.Plan.Preprocessing.ToMetadata());
            return new(engine.Runner, (int)last.OutputShape.Elements, way);
        }
    }
}

/// <param name="Training">Training images at the network's input size.</param>
/// <param name="TrainingHashes">SHA-256 (hex) of each.</param>
/// <param name="Validation">Validation images at that size; may be empty.</param>
/// <param name="ValidationHashes">SHA-256 (hex) of each.</param>
internal sealed record FittingImages(
    IPixelSource Training, IReadOnlyList<string> TrainingHashes, IPixelSource Validation, IReadOnlyList<string> ValidationHashes);

/// <param name="Trained">The network with its classifier.</param>
/// <param name="Logits">Of all validation images as served, row by row.</param>
/// <param name="Judging">Indices of the validation images that no choice was based on.</param>
/// <param name="Familiarity">Tells images that are none of the classes; null where there are too few validation images.</param>
internal sealed record FittedNetwork(
    TrainedNetwork Trained, float[] Logits, IReadOnlyList<int> Judging, FittedFamiliarity? Familiarity);
