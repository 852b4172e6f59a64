using CnnService.Core.Architecture.Presets;
using CnnService.Core.Datasets;
using CnnService.Core.Models;
using CnnService.Core.Training.Transfer;

namespace CnnService.Core.Training.Requests;

/// <summary>What to train, as people ask for it. Only <c>dataset</c> is required.</summary>
public sealed record TrainRequest
{
    /// <summary>A data set that is ready; required.</summary>
    public string Dataset { get; init; } = string.Empty;

    /// <summary>The model that gets the new version; the data set's name by default.</summary>
    public string? Model { get; init; }

    /// <summary>A preset's name or <c>{ "input": …, "layers": […] }</c>, its layers as in <c>LayerSpec</c>; <c>article-cnn</c> by
    /// default.</summary>
    public ArchitectureChoice? Architecture { get; init; }

    /// <summary>1 to 10,000; default 30.</summary>
    public int Epochs { get; init; } = 30;

    /// <summary>Images a step, 1 to 4096; default 32.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>0 to 2^53-1; default 42. Decides initial weights, order, augmentation and dropout.</summary>
    public long Seed { get; init; } = 42;

    /// <summary>adam (the default, at 0.0001), adamw, sgd or rmsprop; each field has a default.</summary>
    public OptimizerSpec Optimizer { get; init; } = new();

    /// <summary>constant (the default), step, cosine, oneCycle or reduceOnPlateau.</summary>
    public ScheduleSpec Schedule { get; init; } = new();

    /// <summary><c>"none"</c> (the default), <c>"article"</c>, <c>"strong"</c> or an object.</summary>
    public AugmentationSpec? Augmentation { get; init; }

    /// <summary>rescale (the default), standardize, whiten, imagenet or caffe.</summary>
    public NormalizationKind? Normalization { get; init; }

    /// <summary>auto (the default: bfloat16 where the device has instructions for it, else float32), float32 or bfloat16.</summary>
    public Precision Precision { get; init; } = Precision.Auto;

    /// <summary>auto (the default), cpu or cuda.</summary>
    public DeviceChoice Device { get; init; } = DeviceChoice.Auto;

    /// <summary>None by default.</summary>
    public EarlyStoppingSpec? EarlyStopping { get; init; }

    /// <summary>Largest length of the whole gradient, above 0, up to 1000; none by default.</summary>
    public double? GradientClip { get; init; }

    /// <summary>Share of each label spread over all classes, 0 up to 0.9; default 0.</summary>
    public double LabelSmoothing { get; init; }

    /// <summary>Alpha of mixup, 0 to 10; default 0: none.</summary>
    public double Mixup { get; init; }

    /// <summary><c>"none"</c> (the default), <c>"balanced"</c> (images / (classes · images of the class)) or an object of class
    /// names.</summary>
    public ClassWeighting? ClassWeights { get; init; }

    /// <summary>Epochs from one validation to the next, 1 to 1000; default 1. The last epoch is always validated.</summary>
    public int ValidateEvery { get; init; } = 1;

    /// <summary>
    /// A model to go on from: <c>"name"</c>, <c>"name:version"</c> or <c>{ "model": …, "version": …, "upTo": … }</c>. It brings its layers,
    /// its image size and its preprocessing; its classifier is replaced by one for the data set's classes, behind the layer <c>upTo</c>.
    /// </summary>
    public StartFrom? StartFrom { get; init; }

    /// <summary>Layers of that model that stay as they are, by name, with <c>*</c> and <c>?</c>; <c>["*"]</c>: all of them.</summary>
    public IReadOnlyList<string>? Freeze { get; init; }

    /// <summary>Factors of the learning rate, above 0 up to 100, by the names of layers, with <c>*</c> and <c>?</c>; the first that names a
    /// layer counts.</summary>
    public IReadOnlyDictionary<string, double>? LearningRateFactors { get; init; }

    /// <summary>
    /// Room for the weights of each epoch, which <c>/runs/{id}/film</c> shows, MiB; 0 to 1,000,000. By default the setting
    /// <c>Training:SnapshotMebibytes</c>, and 0 (none are kept) in a sweep. Where it is not enough they are thinned out evenly.
    /// </summary>
    public int? SnapshotMebibytes { get; init; }

    /// <summary>Side of the square input of a preset, pixels, 8 to 1024; the preset's own by default.</summary>
    public int? ImageSize { get; init; }
}
