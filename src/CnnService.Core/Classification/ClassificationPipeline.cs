using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Models;

namespace CnnService.Core.Classification;

/// <summary>
/// The single path from an image to its classes: reserve, decode, run, rank. HTTP requests, the command line, shadow traffic and bulk
/// classification use it; tensors of the inference protocol enter after decoding. Thread safe.
/// </summary>
/// <param name="classifier">Queues and runs images.</param>
/// <param name="tensors">Queues and runs tensors of callers, in the same queues.</param>
/// <param name="decoder">Decodes image files.</param>
/// <param name="slots">Bound how many images are decoded at a time.</param>
/// <param name="clock">Clock of the timings.</param>
public sealed class ClassificationPipeline(
    IClassifier classifier, ITensorRunner tensors, IImageDecoder decoder, DecodeSlots slots, TimeProvider clock)
{
    /// <summary>Maximum number of pixels of all images of a call, ten times as many as a single image may have by default.</summary>
    public const long MaxPixels = 500_000_000;

    /// <summary>
    /// Classifies image files. Queue places are reserved before decoding, so that a full queue refuses cheaply. Problem codes of the whole
    /// call: <c>classify.queue-full</c> (503) and that of <see cref="CheckPixels"/>. Problems of single images are in their results: those
    /// of <see cref="IImageDecoder.Decode"/> and <see cref="IQueueReservation.ClassifyAsync"/>.
    /// </summary>
    /// <param name="model">A version with classes.</param>
    /// <param name="files">Image files, at least one.</param>
    /// <param name="options">How the images are decoded and ranked.</param>
    /// <param name="cancel">Gives up the queue places.</param>
    /// <returns>Results in the order of the files.</returns>
    public Task<Outcome<IReadOnlyList<ClassifiedImage>>> ClassifyAsync(
        LoadedModel model, IReadOnlyList<ReadOnlyMemory<byte>> files, ClassificationRequest options, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(options);
        if (CheckPixels(files) is { } large)
        {
            return Task.FromResult<Outcome<IReadOnlyList<ClassifiedImage>>>(large);
        }

        var places = classifier.Reserve(model, files.Count * options.Views);
        return places.MapAsync<IQueueReservation, IReadOnlyList<ClassifiedImage>>(async reserved =>
        {
            using var reservation = reserved;
            return await Task.WhenAll(files.Select(file => ClassifyOneAsync(model, file, reservation, options, cancel)));
        });
    }

    /// <summary>
    /// The problem <c>request.too-many-pixels</c> (413) of a call whose images would take long to decode, though each of them is within the
    /// limits: small files can have many pixels. Reads headers only; null if the call is fine.
    /// </summary>
    /// <param name="files">Image files; a single one has a limit of its own.</param>
    public Problem? CheckPixels(IReadOnlyList<ReadOnlyMemory<byte>> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        var pixels = files.Count == 1 ? 0 : files.Sum(CountPixels);
        return pixels <= MaxPixels ? null : new(ProblemKind.TooLarge, "request.too-many-pixels",
            $"The images of a request may have {MaxPixels} pixels in all, received {pixels}: send fewer at a time.");
    }

    /// <summary>Runs a version on tensors, without decoding.</summary>
    /// <inheritdoc cref="ITensorRunner.RunAsync"/>
    public ValueTask<Outcome<TensorAnswer>> RunAsync(
        LoadedModel model, int images, Func<IAnswerLimit, ValueTask<Outcome<TensorInput>>> input, IReadOnlyList<string>? outputs,
        CancellationToken cancel) =>
        tensors.RunAsync(model, images, input, outputs, cancel);

    /// <summary>
    /// Decodes an image to the network's input size once a decoding slot is free. When the time limit is over, nobody waits for either.
    /// Problem codes: those of <see cref="IImageDecoder.Decode"/> and of the limit, <c>classify.timeout</c> (504).
    /// </summary>
    /// <param name="model">The version that gives size and channels.</param>
    /// <param name="file">Bytes of an image file.</param>
    /// <param name="options">Whether truncated files are accepted.</param>
    /// <param name="limit">The time limit of the answer that the image is decoded for.</param>
    /// <param name="cancel">Ends the wait.</param>
    public Task<Outcome<PixelBuffer>> DecodeAsync(
        LoadedModel model, ReadOnlyMemory<byte> file, ClassificationRequest options, IAnswerLimit limit, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(limit);
        return slots.RunUntilAsync(() => Decode(model, file, options), limit.RecordTimeout, limit.Over, cancel);
    }

    /// <summary>Like <see cref="DecodeAsync"/>, on the calling thread and without a slot: the caller bounds its own concurrency.</summary>
    public Outcome<PixelBuffer> Decode(LoadedModel model, ReadOnlyMemory<byte> file, ClassificationRequest options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        var input = model.Network.Spec.Input;
        return decoder.Decode(file, new DecodeTarget(input.Width, input.Height, input.Channels, options.AllowTruncated));
    }

    /// <summary>By the header; 0 for what is no image.</summary>
    private long CountPixels(ReadOnlyMemory<byte> file) =>
        decoder.ReadHeader(file) is { Succeeded: true, Value: var header } ? (long)header.Width * header.Height : 0;

    private async Task<ClassifiedImage> ClassifyOneAsync(
        LoadedModel model, ReadOnlyMemory<byte> file, IQueueReservation reservation, ClassificationRequest options,
        CancellationToken cancel)
    {
        var started = clock.GetTimestamp();
        using var decoding = Telemetry.ActivitySource.StartActivity("decode");
        var pixels = await slots.RunUntilAsync(
            () => Decode(model, file, options).Map(image => ImageViews.Of(image, options.Views)), reservation.RecordTimeout,
            reservation.Over, cancel);
        var decode = clock.GetElapsedTime(started);
        decoding?.Stop();
        ClassifyMetrics.Stage("decode", model.Name, decode);
        var entered = clock.GetUtcNow();
        var answer = await pixels.BindAsync(views => AskAsync(views, reservation, cancel));
        if (answer.Succeeded)
        {
            ClassifyMetrics.Stage("queue", model.Name, answer.Value.QueueTime);
            ClassifyMetrics.Stage("inference", model.Name, answer.Value.InferenceTime);
            ClassifyMetrics.Trace(entered, answer.Value.QueueTime, answer.Value.InferenceTime, answer.Value.BatchSize);
        }

        return new(decode, answer, answer.Map(found => TopK.Select(found.Values, model.Manifest.Classes, options.Top)));
    }

    /// <summary>One answer for all views of an image.</summary>
    private static async Task<Outcome<ClassProbabilities>> AskAsync(
        IReadOnlyList<PixelBuffer> views, IQueueReservation reservation, CancellationToken cancel)
    {
        if (views is [var image])
        {
            return await reservation.ClassifyAsync(image, cancel);
        }

        var answers = await Task.WhenAll(views.Select(view => reservation.ClassifyAsync(view, cancel).AsTask()));
        return Outcome.All(answers).Map(ClassProbabilities.Average);
    }
}
