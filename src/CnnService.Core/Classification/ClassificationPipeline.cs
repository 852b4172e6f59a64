using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Models;

namespace CnnService.Core.Classification;

/// <summary>
/// The one way from an image to its classes: decode, reserve, run, rank. Requests, the command line, shadow traffic and whole data sets
/// go through it; tensors of callers enter after decoding. Thread safe.
/// </summary>
/// <param name="classifier">Queues and runs.</param>
/// <param name="tensors">The same queues, for tensors of callers.</param>
/// <param name="decoder">Decodes.</param>
/// <param name="slots">Bound how many are decoded at once.</param>
/// <param name="clock">Times the stages.</param>
public sealed class ClassificationPipeline(
    IClassifier classifier, ITensorRunner tensors, IImageDecoder decoder, DecodeSlots slots, TimeProvider clock)
{
    /// <summary>
    /// Classifies image files. The version's queue decides first: what it has no room for is refused before it is decoded. Problem codes
    /// of the whole: <c>classify.queue-full</c> (503); those of single images, in their place: of <see cref="IImageDecoder.Decode"/> and
    /// <see cref="IQueueReservation.ClassifyAsync"/>.
    /// </summary>
    /// <param name="model">Has classes.</param>
    /// <param name="files">At least one.</param>
    /// <param name="options">How they are read and ranked.</param>
    /// <param name="cancel">Gives up the places in the queue.</param>
    /// <returns>In the order of the files.</returns>
    public async Task<Outcome<IReadOnlyList<ClassifiedImage>>> ClassifyAsync(
        LoadedModel model, IReadOnlyList<ReadOnlyMemory<byte>> files, ClassificationRequest options, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(files);
        var reserved = classifier.Reserve(model, files.Count);
        if (reserved.Problem is { } full)
        {
            return full;
        }

        using var reservation = reserved.Value;
        return await Task.WhenAll(
            files.Select(file => ClassifyOneAsync(model, file, reservation, options with { IsAlone = files.Count == 1 }, cancel)));
    }

    /// <summary>Runs a version on tensors that need no decoding here.</summary>
    /// <inheritdoc cref="ITensorRunner.RunAsync"/>
    public ValueTask<Outcome<TensorAnswer>> RunAsync(
        LoadedModel model, int images, Func<ValueTask<Outcome<TensorInput>>> input, IReadOnlyList<string>? outputs,
        CancellationToken cancel) =>
        tensors.RunAsync(model, images, input, outputs, cancel);

    /// <summary>An image as the network takes it, decoded when there is a core for it. Problem codes: those of
    /// <see cref="IImageDecoder.Decode"/>.</summary>
    /// <param name="model">The version.</param>
    /// <param name="file">The image file.</param>
    /// <param name="options">Whether a truncated file is taken, and whether the caller has nothing else to do.</param>
    /// <param name="cancel">Ends the waiting for a core.</param>
    public Task<Outcome<PixelBuffer>> DecodeAsync(
        LoadedModel model, ReadOnlyMemory<byte> file, ClassificationRequest options, CancellationToken cancel) =>
        slots.RunAsync(() => Decode(model, file, options), cancel, here: options.IsAlone);

    /// <summary>As <see cref="DecodeAsync"/>, on the caller's thread, who bounds himself how many he decodes at once.</summary>
    public Outcome<PixelBuffer> Decode(LoadedModel model, ReadOnlyMemory<byte> file, ClassificationRequest options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        var input = model.Network.Spec.Input;
        return decoder.Decode(file, new DecodeTarget(input.Width, input.Height, input.Channels, options.AllowTruncated));
    }

    private async Task<ClassifiedImage> ClassifyOneAsync(
        LoadedModel model, ReadOnlyMemory<byte> file, IQueueReservation reservation, ClassificationRequest options,
        CancellationToken cancel)
    {
        var started = clock.GetTimestamp();
        using var decoding = Telemetry.ActivitySource.StartActivity("decode");
        var pixels = await DecodeAsync(model, file, options, cancel);
        var decode = clock.GetElapsedTime(started);
        decoding?.Stop();
        ClassifyMetrics.Stage("decode", model.Name, decode);
        var entered = clock.GetUtcNow();
        var answer = pixels.Problem is { } unreadable ? unreadable : await reservation.ClassifyAsync(pixels.Value, cancel);
        if (answer.Succeeded)
        {
            ClassifyMetrics.Stage("queue", model.Name, answer.Value.QueueTime);
            ClassifyMetrics.Stage("inference", model.Name, answer.Value.InferenceTime);
            ClassifyMetrics.Trace(entered, answer.Value.QueueTime, answer.Value.InferenceTime, answer.Value.BatchSize);
        }

        return new(decode, answer, answer.Map(found => TopK.Select(found.Values, model.Manifest.Classes, options.Top)));
    }
}

/// <summary>What is asked of images: how they are read and ranked.</summary>
public sealed record ClassificationRequest
{
    public static ClassificationRequest Default { get; } = new();

    /// <summary>Classes to name, at least 1. Default 5.</summary>
    public int Top { get; init; } = 5;

    /// <summary>Takes what there is of a truncated file. Default no.</summary>
    public bool AllowTruncated { get; init; }

    /// <summary>The caller waits for this image alone: it is decoded on his own thread.</summary>
    internal bool IsAlone { get; init; }
}

/// <summary>What became of an image.</summary>
/// <param name="DecodeTime">From the file to its pixels.</param>
/// <param name="Answer">Of the network.</param>
/// <param name="Prediction">The answer ranked.</param>
public sealed record ClassifiedImage(TimeSpan DecodeTime, Outcome<ClassProbabilities> Answer, Outcome<Prediction> Prediction);
