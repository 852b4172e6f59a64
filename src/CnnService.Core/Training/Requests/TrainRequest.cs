using CnnService.Core.Architecture.Presets;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Models;
using CnnService.Core.Training.Transfer;

namespace CnnService.Core.Training.Requests;

/// <summary>Body of a training request. Only <c>dataset</c> is required.</summary>
public sealed record TrainRequest
{
    /// <summary>Name of a data set that is ready; required.</summary>
    public string Dataset { get; init; } = string.Empty;

    /// <summary>What the data set must be; default: what it is.</summary>
    public DatasetTask? Task { get; init; }

    /// <summary>Name of the model that gets the new version; default: the data set's name.</summary>
    public string? Model { get; init; }

    /// <summary>
    /// article (what is meant where nothing is said), quick or best: fills in the fields that are not given; those that are given win.
    /// <c>GET /recipes</c> tells what each stands for.
    /// </summary>
    public string? Recipe { get; init; }

    /// <summary>
    /// <c>{ "preset": "lenet5" }</c> (or <c>"lenet5"</c>) or <c>{ "input": …, "layers": […] }</c>; default <c>article-cnn</c>.
    /// </summary>
    public ArchitectureChoice? Architecture { get; init; }

    /// <summary>Number of epochs, 1 to 10,000; default 30.</summary>
    public int Epochs { get; init; } = 30;

    /// <summary>Images per step, 1 to 4096; default 32.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>0 to 2^53-1; default 42. Seeds initial weights, order of images, augmentation and dropout.</summary>
    public long Seed { get; init; } = 42;

    /// <summary>adam (the default, learning rate 0.0001), adamw, sgd or rmsprop; each field has a default.</summary>
    public OptimizerSpec Optimizer { get; init; } = new();

    /// <summary>Learning rate schedule: constant (the default), step, cosine, oneCycle or reduceOnPlateau.</summary>
    public ScheduleSpec Schedule { get; init; } = new();

    /// <summary>Default: none. <c>{ "preset": "article" }</c>, for which <c>"article"</c> is taken too.</summary>
    public AugmentationSpec? Augmentation { get; init; }

    /// <summary>Input normalization: rescale (the default), standardize, whiten, imagenet or caffe.</summary>
    public NormalizationKind? Normalization { get; init; }

    /// <summary>auto (the default: bfloat16 if the device has instructions for it, else float32), float32 or bfloat16.</summary>
    public Precision Precision { get; init; } = Precision.Auto;

    /// <summary>auto (the default), cpu or cuda.</summary>
    public DeviceChoice Device { get; init; } = DeviceChoice.Auto;

    /// <summary>
    /// Labels of the workers that may take it, up to 16: <c>["gpu", "memory=16g"]</c>; default: any. The device cuda means <c>gpu</c>.
    /// </summary>
    public IReadOnlyList<string>? Requires { get; init; }

    /// <summary>Early stopping; default: none.</summary>
    public EarlyStoppingSpec? EarlyStopping { get; init; }

    /// <summary>Largest norm of the gradient over all parameters, above 0, up to 1000; default: no clipping.</summary>
    public double? GradientClip { get; init; }

    /// <summary>Share of each label spread evenly over all classes, 0 up to 0.9; default 0.</summary>
    public double LabelSmoothing { get; init; }

    /// <summary>Alpha of mixup, 0 to 10; default 0: no mixup.</summary>
    public double Mixup { get; init; }

    /// <summary>
    /// Default: none, or balanced for a multiLabel data set. <c>{ "mode": "balanced" }</c>, for which <c>"balanced"</c> is taken too, or
    /// <c>{ "weights": { "cat": 2 } }</c>.
    /// </summary>
    public ClassWeighting? ClassWeights { get; init; }

    /// <summary>Epochs between validations, 1 to 1000; default 1. The last epoch is always validated.</summary>
    public int ValidateEvery { get; init; } = 1;

    /// <summary>
    /// A model to start from: <c>"name"</c>, <c>"name:version"</c>, <c>{ "model": …, "version": …, "upTo": … }</c>, or a trained start
    /// that comes with the service, <c>{ "pretrained": "resnet18-mlnet" }</c> (<c>GET /starts</c>). Its layers, image size and
    /// preprocessing are kept; its classifier is replaced by one for the data set's classes, behind the layer <c>upTo</c>.
    /// </summary>
    public StartFrom? StartFrom { get; init; }

    /// <summary>
    /// Fits the classifier to the features of the start, which is left as it is, instead of training it in steps:
    /// <c>{ "views": 2 }</c>. Goes with <c>startFrom</c>; fields of training in steps (epochs, optimizer, augmentation and so on) do not.
    /// </summary>
    public FittedClassifier? Classifier { get; init; }

    /// <summary>
    /// Goes with <c>classifier</c>: then trains the end of the start too, <c>{ "share": 0.25 }</c>, as the fields of training in steps
    /// say, and keeps what is better.
    /// </summary>
    public FineTuning? FineTuning { get; init; }

    /// <summary>
    /// Most time from the request to the published version, <c>"00:05:00"</c>; the training ends early to keep it. Default: none.
    /// </summary>
    [JsonRule("must be hours, minutes and seconds, such as \"00:05:00\"")]
    public TimeSpan? TimeBudget { get; init; }

    /// <summary>
    /// Names of that model's layers whose weights are not trained, with wildcards <c>*</c> and <c>?</c>; <c>["*"]</c> freezes all of them.
    /// </summary>
    public IReadOnlyList<string>? Freeze { get; init; }

    /// <summary>
    /// Factors of the learning rate by layer name, above 0 up to 100, with wildcards <c>*</c> and <c>?</c>; the first name that matches a
    /// layer wins.
    /// </summary>
    public IReadOnlyDictionary<string, double>? LearningRateFactors { get; init; }

    /// <summary>
    /// Space in MiB for weights per epoch, which <c>/runs/{id}/film</c> shows, 0 to 1,000,000.
    /// Default: the setting <c>Training:SnapshotMebibytes</c>, in a sweep 0.
    /// </summary>
    public int? SnapshotMebibytes { get; init; }

    /// <summary>Side of a preset's square input in pixels, 8 to 1024; default: the preset's own.</summary>
    public int? ImageSize { get; init; }
}
