using System.Text.Json;
using CnnService.Core.Models;
using CnnService.Core.Training;

namespace CnnService.Web.Features.Train;

/// <summary>What to train. Only <c>dataset</c> is required.</summary>
internal sealed record TrainRequest
{
    /// <summary>A data set that is ready; required.</summary>
    public string Dataset { get; init; } = string.Empty;

    /// <summary>The model that gets the new version; the data set's name by default.</summary>
    public string? Model { get; init; }

    /// <summary>A preset's name or <c>{ "input": …, "layers": […] }</c>; <c>article-cnn</c> by default.</summary>
    public JsonElement? Architecture { get; init; }

    /// <summary>1 to 10,000; default 30.</summary>
    public int Epochs { get; init; } = 30;

    /// <summary>Pictures a step, 1 to 4096; default 32.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>0 to 2^53-1; default 42. Decides initial weights, order and dropout.</summary>
    public long Seed { get; init; } = 42;

    /// <summary><c>adam</c> at 0.0001 by default.</summary>
    public OptimizerRequest Optimizer { get; init; } = new();

    /// <summary><c>constant</c> by default.</summary>
    public ScheduleRequest Schedule { get; init; } = new();

    /// <summary><c>"none"</c> (the default).</summary>
    public JsonElement? Augmentation { get; init; }

    /// <summary>rescale (the default), standardize, imagenet or caffe.</summary>
    public NormalizationKind Normalization { get; init; } = NormalizationKind.Rescale;

    /// <summary>auto (the default), float32 or bfloat16.</summary>
    public Precision Precision { get; init; } = Precision.Auto;

    /// <summary>auto (the default), cpu or cuda.</summary>
    public DeviceChoice Device { get; init; } = DeviceChoice.Auto;

    /// <summary>None by default.</summary>
    public EarlyStoppingSpec? EarlyStopping { get; init; }

    /// <summary>A model to go on from.</summary>
    public JsonElement? StartFrom { get; init; }

    /// <summary>Patterns of layers to keep as they are.</summary>
    public JsonElement? Freeze { get; init; }

    /// <summary>Side of the square input of a preset, pixels, 8 to 1024; the preset's own by default.</summary>
    public int? ImageSize { get; init; }
}

/// <summary>The optimizer.</summary>
internal sealed record OptimizerRequest
{
    /// <summary>adam.</summary>
    public string Name { get; init; } = "adam";

    /// <summary>Above 0, up to 10; default 0.0001.</summary>
    public double LearningRate { get; init; } = 0.0001;

    /// <summary>0 to 1; default 0.</summary>
    public double WeightDecay { get; init; }
}

/// <summary>How the learning rate changes over the run.</summary>
internal sealed record ScheduleRequest
{
    /// <summary>constant.</summary>
    public string Name { get; init; } = "constant";
}
