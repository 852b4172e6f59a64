using System.Collections.Concurrent;
using System.Numerics;
using System.Runtime.InteropServices;
using CnnService.Core.Architecture;
using CnnService.Core.Classification;
using CnnService.Core.Models;
using Microsoft.ML.OnnxRuntime;

namespace CnnService.Onnx.Serving;

/// <summary>
/// Runs a session on batches of few sizes, as a GPU needs it: a batch is padded up to the next power of two, because kernels are chosen and
/// memory is planned anew for each size; it lies in memory that is bound to the session and kept for the next run; images travel as bytes
/// and are preprocessed on the device. Thread safe. Owns its buffers and the session of the preprocessing, not the network's.
/// </summary>
internal sealed class BoundNetwork : IDisposable
{
    private readonly InferenceSession _session;
    private readonly InferenceSession? _preprocessing;
    private readonly DeviceMemory _memory;
    private readonly BatchFilling _filling;
    private readonly InputSpec _image;
    private readonly bool _takesBytes;
    private readonly ConcurrentDictionary<(int Size, bool AreBytes), ConcurrentBag<BoundBatch>> _idle = new();

    /// <param name="session">The network's.</param>
    /// <param name="image">Size of its images.</param>
    /// <param name="takesBytes">Whether the network contains its preprocessing.</param>
    /// <param name="preprocessing">Conversion from image bytes to network input.</param>
    /// <param name="threads">Threads of one run; 0 for all cores.</param>
    /// <param name="target">Where the session runs.</param>
    /// <exception cref="OnnxRuntimeException">The device refuses.</exception>
    public BoundNetwork(
        InferenceSession session, InputSpec image, bool takesBytes, Preprocessing preprocessing, int threads, RunTarget target)
    {
        (_session, _image, _takesBytes) = (session, image, takesBytes);
        _filling = new(preprocessing, (int)image.Shape.Elements);
        _memory = new(session, target.Cuda);
        try
        {
            _preprocessing = takesBytes ? null : Sessions.Open(PreprocessingGraph.Create(image, preprocessing), threads, target.Cuda);
        }
        catch
        {
            _memory.Dispose();
            throw;
        }
    }

    /// <summary>The number of images that a batch is padded to: the next power of two.</summary>
    public static int PaddedSize(int images) => (int)BitOperations.RoundUpToPowerOf2((uint)images);

    /// <summary>Runs a batch; the outputs have a row for each image, none for the padding.</summary>
    /// <param name="run">Options of the run.</param>
    /// <param name="inputs">Inputs of the requests, in the order of the batch.</param>
    /// <param name="count">Their images.</param>
    /// <param name="outputs">Names of the outputs to compute.</param>
    /// <param name="time">Clock of the timings.</param>
    public NetworkRun Run(
        RunOptions run, IReadOnlyList<TensorInput> inputs, int count, IReadOnlyList<string> outputs, TimeProvider time)
    {
        var started = time.GetTimestamp();
        var areBytes = inputs.All(input => input.Planes is null);
        var size = PaddedSize(count);
        var idle = _idle.GetOrAdd((size, areBytes), _ => []);
        var batch = idle.TryTake(out var kept) ? kept : Create(size, areBytes);
        try
        {
            Fill(batch, inputs, count, areBytes);
            var running = time.GetTimestamp();
            using var results = batch.Run(run, outputs);
            var ran = time.GetTimestamp();
            NamedTensor[] tensors = [.. outputs.Zip(results, (name, result) => Rows(name, result, count, size))];
            return new(count, tensors, time.GetElapsedTime(started, running), time.GetElapsedTime(running, ran), time.GetElapsedTime(ran));
        }
        finally
        {
            idle.Add(batch);
        }
    }

    public void Dispose()
    {
        foreach (var batch in _idle.Values.SelectMany(batches => batches))
        {
            batch.Dispose();
        }

        _idle.Clear();
        _memory.Dispose();
        _preprocessing?.Dispose();
    }

    private BoundBatch Create(int size, bool areBytes) =>
        new(_session, areBytes && !_takesBytes ? _preprocessing : null, _memory, _image, size, areBytes);

    private void Fill(BoundBatch batch, IReadOnlyList<TensorInput> inputs, int count, bool areBytes)
    {
        var values = (int)_image.Shape.Elements;
        if (areBytes)
        {
            BatchFilling.Bytes(inputs, batch.Input);
            batch.Input[(count * values)..].Clear();
        }
        else
        {
            var planes = MemoryMarshal.Cast<byte, float>(batch.Input);
            _filling.Planes(inputs, planes);
            planes[(count * values)..].Clear();
        }
    }

    /// <summary>An output without the rows of the padding. One without a row for each image stays whole, as without padding.</summary>
    private static NamedTensor Rows(string name, OrtValue result, int count, int size)
    {
        var shape = result.GetTensorTypeAndShape().Shape;
        var values = result.GetTensorDataAsSpan<float>();
        return shape.Length == 0 || shape[0] != size
            ? new(name, shape, values.ToArray())
            : new(name, [count, .. shape.Skip(1)], values[..(values.Length / size * count)].ToArray());
    }
}
