using CnnService.Core.Architecture;
using CnnService.Core.Architecture.Presets;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Models;
using CnnService.Core.Training.Evaluation;
using CnnService.Core.Training.Transfer;

namespace CnnService.Core.Training.Requests;

/// <summary>Turns a parsed request into a plan: resolves the network, counts class weights and copies the data set's statistics.</summary>
public static class TrainPlanner
{
    private static readonly Dictionary<string, double> NoFactors = [];

    /// <summary>
    /// Null if errors were added, or if the data set is not known; then only rules independent of it are checked, as for two classes of
    /// colour images.
    /// </summary>
    /// <param name="request">As <see cref="TrainRequestReader"/> returned it.</param>
    /// <param name="dataset">Manifest of its data set; null if it is not known.</param>
    /// <param name="setting">Settings that the request does not contain.</param>
    /// <param name="errors">Collects every broken rule under its JSON path; contains those of parsing already.</param>
    public static PlannedTraining? Plan(TrainRequest request, DatasetManifest? dataset, PlanSetting setting, ValidationErrors errors)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(setting);
        ArgumentNullException.ThrowIfNull(errors);
        var model = request.StartFrom is null ? null : setting.Start;
        var named = Network(request, dataset, model, errors);
        var layers = Layers(named?.Network, model);
        var frozen = request.Classifier is null ? LayerPatterns.Match(named is null ? [] : request.Freeze ?? [], layers, "freeze", errors)
            : WithoutOutput(layers, named?.Network);
        var factors = LayerPatterns.MatchFactors(
            named is null ? NoFactors : request.LearningRateFactors ?? NoFactors,
            [.. layers.Concat(named?.Network.Layers.Select(layer => layer.Name) ?? []).Distinct()],
            "learningRateFactors",
            errors);
        errors.Require(named is null || LayerPatterns.LeavesTrainable(named.Value.Network, frozen), "freeze",
            "must leave at least one layer trainable");
        errors.Require(request.Classifier is null || named?.Network.Output.Spec is null or DenseLayer { UseBias: true }, "classifier",
            "must be fitted in the place of a dense layer with biases: give startFrom.upTo, after which one is added");
        errors.Require(request.TimeBudget is null || setting.Now is not null, "timeBudget", "must not be given in a sweep");
        CheckStatistics(request, dataset, errors);
        CheckTask(request, dataset, errors);
        var weights = dataset is null ? null
            : request.ClassWeights is { } weighting ? weighting.Resolve(dataset, errors.At("classWeights"))
            : dataset.Task == DatasetTask.MultiLabel ? ClassWeighting.Balance(dataset)
            : null;
        return errors.Any || dataset is null || named is null ? null : new(
            Plan(request, dataset, setting, named.Value.Name, named.Value.Network.Spec) with
            {
                ClassWeights = weights,
                StartFrom = model is null ? null : new(model.Name, model.Version, model.WeightsPath, model.WeightsHash),
                Frozen = frozen.Count > 0 ? frozen : null,
                RateFactors = factors.Count > 0 ? factors : null,
            },
            named.Value.Network);
    }

    /// <summary>The network and its name; null if it cannot be resolved or breaks rules.</summary>
    private static (string Name, ResolvedNetwork Network)? Network(
        TrainRequest request, DatasetManifest? dataset, LoadedModel? model, ValidationErrors errors)
    {
        if (errors.IsBroken("architecture") || errors.IsBroken("startFrom"))
        {
            return null;
        }

        if (request.StartFrom is { } start)
        {
            return dataset is null || model is null ? null : Transferred(start, dataset, model, request.Classifier is not null, errors);
        }

        var choice = request.Architecture ?? ArchitectureChoice.Default;
        var classes = Math.Max(2, dataset?.Classes.Count ?? 2);
        var isMultiLabel = dataset?.Task == DatasetTask.MultiLabel;
        var spec = choice.Create(classes, dataset?.Channels ?? 3, request.ImageSize);
        var network = NetworkSpecValidator.Resolve(
            isMultiLabel ? MultiLabelHead.Create(spec, classes) : spec, classes, errors, allowsMultiLabel: isMultiLabel);
        if (network is not null && isMultiLabel)
        {
            MultiLabelHead.Check(network, errors);
        }

        return network is null ? null : (choice.Name, network);
    }

    /// <summary>The starting model's network with a new classifier.</summary>
    private static (string Name, ResolvedNetwork Network)? Transferred(
        StartFrom start, DatasetManifest dataset, LoadedModel model, bool isFitted, ValidationErrors errors)
    {
        if (!errors.Require(start.Names(model.Name, model.Version), "startFrom",
            "must be the same in all trials of a sweep"))
        {
            return null;
        }

        var network = TransferNetwork.Create(
            model.Network, model.Manifest.Classes, dataset.Classes, dataset.Task, start.UpTo, isFitted, errors);
        return network is null
            ? null
            : (network.Spec == model.Network.Spec ? model.Manifest.Architecture : ArchitectureChoice.Custom, network);
    }

    /// <summary>Names of the layers taken from the starting model; of all layers if training starts from scratch.</summary>
    private static IReadOnlyList<string> Layers(ResolvedNetwork? network, LoadedModel? model) => network is null ? []
        : [.. network.Layers.Select(layer => layer.Name).Where(name => model is null || model.Network.Find(name) is not null)];

    private static IReadOnlyList<string> WithoutOutput(IReadOnlyList<string> layers, ResolvedNetwork? network) =>
        [.. layers.Where(layer => layer != network?.Output.Name)];

    private static void CheckTask(TrainRequest request, DatasetManifest? dataset, ValidationErrors errors)
    {
        errors.Require(dataset is null || request.Task is null || request.Task == dataset.Task, "task",
            $"must be {dataset?.Task.ToWireName()}, as the data set is, received {request.Task?.ToWireName()}");
        errors.Require(
            dataset?.LabelSets is null
                || Math.Max(dataset.Images.Count, dataset.LabelCount) * (long)dataset.Classes.Count <= LabelledLogits.MaxValues,
            "dataset", $"must have at most {LabelledLogits.MaxValues} images times classes where an image has any number of labels");
    }

    private static void CheckStatistics(TrainRequest request, DatasetManifest? dataset, ValidationErrors errors) => errors.Require(
        request.Normalization != NormalizationKind.Whiten || dataset is not { Channels: 3, Covariance: null },
        "normalization",
        "must not be whiten: the covariance of the data set's colours was not measured when it was imported; import it again");

    private static TrainingPlan Plan(
        TrainRequest request, DatasetManifest dataset, PlanSetting setting, string architecture, NetworkSpec network) => new()
        {
            RunId = setting.RunId,
            Dataset = dataset.Name,
            DatasetRevision = dataset.Revision.Number,
            DatasetFolder = setting.DatasetFolder,
            DatasetDigest = dataset.Digest,
            Classes = dataset.Classes,
            Task = dataset.Task,
            Architecture = architecture,
            Network = network,
            Preprocessing = request.StartFrom is not null && setting.Start is { } start
                ? start.Manifest.Preprocessing
                : Preprocessing.Create(
                    request.Normalization ?? NormalizationKind.Rescale,
                    network.Input.Channels,
                    Channels(dataset.Mean, network.Input.Channels),
                    Channels(dataset.Std, network.Input.Channels),
                    network.Input.Channels == 3 ? dataset.Covariance : null),
            Classifier = request.Classifier,
            FineTuning = request.FineTuning,
            Budget = request.TimeBudget is { } budget && setting.Now is { } now ? new(budget, now + budget) : null,
            FeatureCache = request.Classifier is null ? null : setting.FeatureCache,
            Speed = setting.Speed,
            Epochs = request.Classifier is null ? request.Epochs : request.FineTuning is null ? 1 : 1 + request.Epochs,
            BatchSize = request.BatchSize,
            Seed = request.Seed,
            Optimizer = request.Optimizer,
            Schedule = request.Schedule,
            Augmentation = request.Augmentation ?? AugmentationSpec.None,
            Mixup = request.Mixup,
            LabelSmoothing = request.LabelSmoothing,
            GradientClip = request.GradientClip,
            ValidateEvery = request.ValidateEvery,
            Precision = request.Precision,
            Device = request.Device,
            Requires = Requires(request),
            EarlyStopping = request.EarlyStopping,
            Threads = setting.Threads,
            CheckpointEvery = setting.CheckpointEvery,
            SnapshotBytes = request.Classifier is null && (request.SnapshotMebibytes ?? setting.SnapshotMebibytes) is > 0 and var room
                ? (long)room << 20
                : null,
        };

    private static string[]? Requires(TrainRequest request)
    {
        string[] device = request.Device == DeviceChoice.Cuda ? [WorkerLabel.Gpu] : [];
        string[] labels = [.. (request.Requires ?? []).Concat(device).Distinct()];
        return labels.Length > 0 ? labels : null;
    }

    /// <summary>
    /// Adapts per-channel statistics: a grey channel is repeated for a colour network, colours are averaged for a grey one.
    /// </summary>
    private static IReadOnlyList<double> Channels(IReadOnlyList<double> values, int channels) =>
        values.Count == channels ? values : channels == 3 ? [values[0], values[0], values[0]] : [values.Average()];
}

/// <summary>What a run needs besides its request.</summary>
/// <param name="RunId">Id of the run.</param>
/// <param name="DatasetFolder">Folder of the data set.</param>
/// <param name="CheckpointEvery">Longest time between two checkpoints.</param>
/// <param name="Threads">Threads of libtorch; 0 for all cores.</param>
public sealed record PlanSetting(string RunId, string DatasetFolder, TimeSpan CheckpointEvery, int Threads)
{
    /// <summary>The model that <c>startFrom</c> names; null if there is none or it does not exist.</summary>
    public LoadedModel? Start { get; init; }

    /// <summary>Folder in which features of images are kept; null: they are not.</summary>
    public string? FeatureCache { get; init; }

    /// <summary>How fast the machine was measured to be; null: it was not.</summary>
    public MachineSpeed? Speed { get; init; }

    /// <summary>When the request came, from which its time budget counts; null where a run cannot have one.</summary>
    public DateTimeOffset? Now { get; init; }

    /// <summary>Default space for the run's snapshots in MiB; 0 keeps none.</summary>
    public int SnapshotMebibytes { get; init; }
}
