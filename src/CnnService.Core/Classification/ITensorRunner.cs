using CnnService.Core.Common;
using CnnService.Core.Models;

namespace CnnService.Core.Classification;

/// <summary>Runs a published version on tensors of the caller, in the same queue and batches as images. Thread safe.</summary>
public interface ITensorRunner
{
    /// <summary>Names and shapes of input and outputs, without layers. Loads the version.</summary>
    ValueTask<Outcome<TensorSignature>> DescribeAsync(LoadedModel model, CancellationToken cancel);

    /// <summary>
    /// Runs a batch, joined with other queued requests. Problem codes: <c>model.corrupt</c>, <c>serving.device-missing</c>,
    /// <c>classify.queue-full</c>, <c>classify.timeout</c>, <c>inference.output-unknown</c>, <c>inference.output-too-large</c>.
    /// </summary>
    /// <param name="model">The version to run.</param>
    /// <param name="images">Images in the batch, each of which takes a queue place.</param>
    /// <param name="input">Provides the input within the time limit; called once the places are reserved, so that refusal is cheap.</param>
    /// <param name="outputs">
    /// Names of outputs, further ones too, or of layers to return the values of; null for the outputs of the signature.
    /// </param>
    /// <param name="cancel">Gives up the queue places.</param>
    ValueTask<Outcome<TensorAnswer>> RunAsync(
        LoadedModel model, int images, Func<IAnswerLimit, ValueTask<Outcome<TensorInput>>> input, IReadOnlyList<string>? outputs,
        CancellationToken cancel);

    /// <summary>Statistics of the version since the process started.</summary>
    ServingCounts Counts(LoadedModel model);

    /// <summary>Frees the version's memory after the runs in progress.</summary>
    void Unload(LoadedModel model);
}

/// <summary>Input and outputs of a version.</summary>
/// <param name="Channels">Channels of the input images.</param>
/// <param name="Height">Rows of the input images.</param>
/// <param name="Width">Columns of the input images.</param>
/// <param name="TakesBytes">True if the network contains its preprocessing: it then takes bytes and no planes.</param>
/// <param name="Outputs">
/// What is answered where nothing else is asked for: the outputs of an imported file under their own names; otherwise the probabilities
/// alone, as clients of the protocol expect of a classifier, or the features of a network without classes.
/// </param>
/// <param name="FurtherOutputs">What can be asked for besides.</param>
public sealed record TensorSignature(
    int Channels, int Height, int Width, bool TakesBytes, IReadOnlyList<NamedShape> Outputs, IReadOnlyList<NamedShape> FurtherOutputs);

/// <param name="Name">Name of an output.</param>
/// <param name="Shape">Its shape, without the batch dimension.</param>
public sealed record NamedShape(string Name, IReadOnlyList<long> Shape);

/// <summary>A batch of input: either preprocessed planes <c>[N,C,H,W]</c> or images as bytes <c>[N,H,W,C]</c>.</summary>
/// <param name="Count">Number of images, N.</param>
/// <param name="Planes">Preprocessed values; null if there are pixels.</param>
/// <param name="Pixels">Bytes of each image, <c>[H,W,C]</c>; null if there are planes.</param>
/// <param name="Owner">Disposed when the input is no longer read; null if nothing needs to be.</param>
public sealed record TensorInput(int Count, Memory<float>? Planes, IReadOnlyList<ReadOnlyMemory<byte>>? Pixels, IDisposable? Owner = null)
{
    /// <summary>A range of its images, without copying; <see cref="Owner"/> keeps the memory.</summary>
    public TensorInput Slice(int first, int count) => first == 0 && count == Count ? this : new(
        count,
        Planes is { } planes ? planes.Slice(first * (planes.Length / Count), count * (planes.Length / Count)) : (Memory<float>?)null,
        Pixels?.Skip(first).Take(count).ToArray());
}

/// <summary>A named float32 tensor in row-major order.</summary>
public sealed record NamedTensor(string Name, IReadOnlyList<long> Shape, ReadOnlyMemory<float> Values);

/// <param name="Tensors">Outputs in the order requested.</param>
/// <param name="Queue">Time spent waiting for a batch.</param>
/// <param name="Inference">Duration of the batch's run.</param>
/// <param name="BatchSize">Number of images in the batch.</param>
/// <param name="Device">Device of the run: <c>cpu</c> or <c>cuda</c>.</param>
public sealed record TensorAnswer(IReadOnlyList<NamedTensor> Tensors, TimeSpan Queue, TimeSpan Inference, int BatchSize, string Device);
