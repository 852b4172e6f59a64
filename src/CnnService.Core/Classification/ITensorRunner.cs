using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Core.Classification;

/// <summary>Runs a published version on tensors, for callers who bring their own; in the same queue and batches as its images. Thread
/// safe.</summary>
public interface ITensorRunner
{
    /// <summary>The names and shapes that the version takes and gives: the file's own outputs, without the layers'. Loads it.</summary>
    ValueTask<Outcome<TensorSignature>> DescribeAsync(LoadedModel model, CancellationToken cancel);

    /// <summary>
    /// Runs a batch, joined with others that wait. Problem codes: <c>model.corrupt</c>, <c>serving.device-missing</c>,
    /// <c>classify.queue-full</c>, <c>classify.timeout</c>, <c>inference.output-unknown</c>, <c>inference.output-too-large</c>.
    /// </summary>
    /// <param name="model">The version.</param>
    /// <param name="images">In the batch: it takes as many places in the queue.</param>
    /// <param name="input">Asked for once there are places, so that what is refused costs nothing.</param>
    /// <param name="outputs">Outputs of the file, or names of layers, whose values they are; null: the file's own outputs.</param>
    /// <param name="cancel">Gives up the places in the queue.</param>
    ValueTask<Outcome<TensorAnswer>> RunAsync(
        LoadedModel model, int images, Func<ValueTask<Outcome<TensorInput>>> input, IReadOnlyList<string>? outputs,
        CancellationToken cancel);

    /// <summary>What running the version has come to since the process started.</summary>
    ServingCounts Counts(LoadedModel model);

    /// <summary>Gives back the version's memory, once what is under way has finished.</summary>
    void Unload(LoadedModel model);
}

/// <summary>What a version takes and gives.</summary>
/// <param name="Channels">Of the images.</param>
/// <param name="Height">Of the images.</param>
/// <param name="Width">Of the images.</param>
/// <param name="TakesBytes">Its preprocessing is inside: it takes images as they are, and no planes.</param>
/// <param name="Outputs">Name and shape of each output, the batch left out.</param>
public sealed record TensorSignature(
    int Channels, int Height, int Width, bool TakesBytes, IReadOnlyList<(string Name, IReadOnlyList<long> Shape)> Outputs);

/// <summary>A batch: preprocessed planes <c>[N,C,H,W]</c>, or images as bytes <c>[N,H,W,C]</c>.</summary>
/// <param name="Count">N.</param>
/// <param name="Planes">Null where there are pixels.</param>
/// <param name="Pixels">One piece an image; null where there are planes.</param>
/// <param name="Owner">Disposed when the input is no longer read.</param>
public sealed record TensorInput(int Count, Memory<float>? Planes, IReadOnlyList<ReadOnlyMemory<byte>>? Pixels, IDisposable? Owner = null)
{
    /// <summary>Some of its images; the memory stays the owner's.</summary>
    public TensorInput Slice(int first, int count) => first == 0 && count == Count ? this : new(
        count,
        Planes is { } planes ? planes.Slice(first * (planes.Length / Count), count * (planes.Length / Count)) : (Memory<float>?)null,
        Pixels?.Skip(first).Take(count).ToArray());
}

/// <summary>Float32 values, the last axis running fastest.</summary>
public sealed record NamedTensor(string Name, IReadOnlyList<long> Shape, ReadOnlyMemory<float> Values);

/// <param name="Tensors">In the order asked for.</param>
/// <param name="Queue">Waiting for a batch.</param>
/// <param name="Inference">The run of the batch it was in.</param>
/// <param name="BatchSize">Images in that batch.</param>
/// <param name="Device">Where it ran: cpu or cuda.</param>
public sealed record TensorAnswer(IReadOnlyList<NamedTensor> Tensors, TimeSpan Queue, TimeSpan Inference, int BatchSize, string Device);
