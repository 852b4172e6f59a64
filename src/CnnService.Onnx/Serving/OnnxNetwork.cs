using System.Buffers;
using CnnService.Core.Classification;
using CnnService.Core.Common;
using CnnService.Core.Models;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace CnnService.Onnx.Serving;

/// <summary>
/// An OnnxRuntime session with its preprocessing. Owns native memory; dispose it once no run is in progress. <c>Run</c> is thread safe.
/// </summary>
internal sealed class OnnxNetwork : IDisposable
{
    private static int _open;

    private readonly InferenceSession _session;
    private readonly string _input;
    private readonly BatchFilling _filling;
    private readonly BoundNetwork? _bound;
    private readonly RunOptions _run = new();
    private readonly bool _hasBatchOfOne;

    private OnnxNetwork(InferenceSession session, string input, int[] shape, Preprocessing preprocessing, BoundNetwork? bound)
    {
        _session = session;
        _input = input;
        _bound = bound;
        (Channels, Height, Width) = (shape[1], shape[2], shape[3]);
        _filling = new BatchFilling(preprocessing, BytesPerImage);
        _hasBatchOfOne = shape[0] == 1;
        Interlocked.Increment(ref _open);
        ClassifyMetrics.Sessions(1);
    }

    /// <summary>Number of networks in the process that have not been disposed; tests prove by it that native memory is freed.</summary>
    public static int OpenCount => Volatile.Read(ref _open);

    public IReadOnlyList<string> Outputs => _session.OutputNames;

    public int Channels { get; }

    public int Height { get; }

    public int Width { get; }

    public int BytesPerImage => Channels * Height * Width;

    /// <summary>Whether its runs were told to fail.</summary>
    public bool IsTerminated { get; private set; }

    /// <summary>True if the network contains its preprocessing and takes uint8 images <c>[N,H,W,C]</c>.</summary>
    public bool TakesBytes { get; private init; }

    /// <summary><c>cpu</c> or <c>cuda</c>.</summary>
    public string Device { get; private init; } = ServingDevice.Cpu;

    /// <summary>Opens a network whose first input is a batch of images. Problem code: <c>model.corrupt</c>.</summary>
    /// <param name="model">Bytes of the ONNX file.</param>
    /// <param name="preprocessing">Conversion from image bytes to network input.</param>
    /// <param name="threads">Threads of one run; 0 for all cores.</param>
    /// <param name="target">Where it runs; by default on the processor, each batch as it comes.</param>
    public static Outcome<OnnxNetwork> Open(byte[] model, Preprocessing preprocessing, int threads, RunTarget? target = null)
    {
        target ??= RunTarget.Processor;
        InferenceSession session;
        try
        {
            session = Sessions.Open(model, threads, target.Cuda);
        }
        catch (OnnxRuntimeException refused)
        {
            return Corrupt($"OnnxRuntime refuses the network: {refused.Message}");
        }

        var input = session.InputNames[0];
        var shape = session.InputMetadata[input].Dimensions;
        var takesBytes = session.InputMetadata[input].ElementDataType == TensorElementType.UInt8;
        int[] planes = shape.Length == 4 && takesBytes ? [shape[0], shape[3], shape[1], shape[2]] : shape;
        if (planes.Length == 4 && planes[2] > 0 && planes[3] > 0 && preprocessing.Fits(new(planes[2], planes[3], planes[1])))
        {
            try
            {
                var bound = target.IsBound
                    ? new BoundNetwork(session, new(planes[2], planes[3], planes[1]), takesBytes, preprocessing, threads, target)
                    : null;
                return new OnnxNetwork(session, input, planes, preprocessing, bound) { TakesBytes = takesBytes, Device = target.Device };
            }
            catch (OnnxRuntimeException refused)
            {
                session.Dispose();
                return Corrupt($"OnnxRuntime refuses its preprocessing: {refused.Message}");
            }
        }

        session.Dispose();
        var (height, width) = preprocessing.MeanImage is { } mean ? ($"{mean.Height}", $"{mean.Width}") : ("height", "width");
        return Corrupt($"Its input must be [N, {preprocessing.Mean.Count}, {height}, {width}], but is [{string.Join(", ", shape)}].");
    }

    /// <summary>Runs the images of several requests as one batch.</summary>
    /// <param name="inputs">Inputs of the requests, in the order of the batch.</param>
    /// <param name="outputs">Names of the outputs to compute.</param>
    /// <param name="time">Clock of the timings.</param>
    public NetworkRun Run(IReadOnlyList<TensorInput> inputs, IReadOnlyList<string> outputs, TimeProvider time)
    {
        var count = inputs.Sum(input => input.Count);
        return _hasBatchOfOne && count > 1 ? RunEach(inputs, outputs, time)
            : _bound is { } bound ? bound.Run(_run, inputs, count, outputs, time)
            : TakesBytes ? RunBytes(inputs, count, outputs, time)
            : RunPlanes(inputs, count, outputs, time);
    }

    /// <summary>Runs 8-bit images as one batch and returns one output in row-major order.</summary>
    /// <param name="images"><c>[H,W,C]</c> each, of <see cref="BytesPerImage"/> bytes.</param>
    /// <param name="output">Name of the output.</param>
    /// <param name="shape">Shape of the output, batch first.</param>
    public float[] Run(IReadOnlyList<ReadOnlyMemory<byte>> images, string output, out long[] shape)
    {
        var tensor = Tensors(images, [output])[0];
        shape = [.. tensor.Shape];
        return tensor.Values.ToArray();
    }

    /// <summary>Runs 8-bit images as one batch and returns the outputs in row-major order.</summary>
    /// <param name="images"><c>[H,W,C]</c> each, of <see cref="BytesPerImage"/> bytes.</param>
    /// <param name="outputs">Names of the outputs.</param>
    public float[][] Run(IReadOnlyList<ReadOnlyMemory<byte>> images, IReadOnlyList<string> outputs) =>
        [.. Tensors(images, outputs).Select(tensor => tensor.Values.ToArray())];

    private IReadOnlyList<NamedTensor> Tensors(IReadOnlyList<ReadOnlyMemory<byte>> images, IReadOnlyList<string> outputs)
    {
        var input = new TensorInput(images.Count, null, images);
        RequireSize(input);
        return Run([input], outputs, TimeProvider.System).Tensors;
    }

    /// <summary>Dimensions of an output without the batch; -1 for those that depend on the input.</summary>
    public long[] ShapeOf(string output) => [.. _session.OutputMetadata[output].Dimensions.Skip(1).Select(size => (long)size)];

    /// <summary>Checks the size of the images.</summary>
    public void RequireSize(TensorInput input)
    {
        foreach (var image in input.Pixels ?? [])
        {
            RequireSize(image.Length, nameof(input));
        }

        if (input.Planes is { } planes)
        {
            RequireSize(TakesBytes ? 0 : planes.Length / input.Count, nameof(input));
        }
    }

    /// <summary>Lets the runs in progress, and all later ones, fail before their next operation.</summary>
    public void Terminate()
    {
        IsTerminated = true;
        _run.Terminate = true;
    }

    public void Dispose()
    {
        if (!_run.IsClosed)
        {
            _run.Dispose();
            _bound?.Dispose();
            _session.Dispose();
            Interlocked.Decrement(ref _open);
            ClassifyMetrics.Sessions(-1);
        }
    }

    private static Problem Corrupt(string detail) => new(ProblemKind.Unavailable, "model.corrupt", detail);

    /// <summary>Runs image by image: an imported file may fix its batch size at 1.</summary>
    private NetworkRun RunEach(IReadOnlyList<TensorInput> inputs, IReadOnlyList<string> outputs, TimeProvider time)
    {
        NetworkRun[] runs = [
            .. inputs.SelectMany(input => Enumerable.Range(0, input.Count).Select(i => Run([input.Slice(i, 1)], outputs, time)))];
        var tensors = outputs.Select((name, output) => new NamedTensor(
            name, [runs.Length, .. runs[0].Tensors[output].Shape.Skip(1)],
            runs.SelectMany(run => run.Tensors[output].Values.ToArray()).ToArray()));
        return new(runs.Length, [.. tensors], Sum(run => run.Input), Sum(run => run.Inference), Sum(run => run.Output));

        TimeSpan Sum(Func<NetworkRun, TimeSpan> stage) => runs.Aggregate(TimeSpan.Zero, (sum, run) => sum + stage(run));
    }

    private NetworkRun RunPlanes(IReadOnlyList<TensorInput> inputs, int count, IReadOnlyList<string> outputs, TimeProvider time)
    {
        var started = time.GetTimestamp();
        if (inputs is [{ Planes: { } alone }])
        {
            return Run(OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, alone, [count, Channels, Height, Width]), count,
                outputs, time, started);
        }

        var length = BytesPerImage * count;
        var rented = ArrayPool<float>.Shared.Rent(length);
        try
        {
            _filling.Planes(inputs, rented.AsSpan(0, length));
            return Run(
                OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, rented.AsMemory(0, length),
                    [count, Channels, Height, Width]), count, outputs, time, started);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(rented);
        }
    }

    private NetworkRun RunBytes(IReadOnlyList<TensorInput> inputs, int count, IReadOnlyList<string> outputs, TimeProvider time)
    {
        var started = time.GetTimestamp();
        var bytes = new byte[BytesPerImage * count];
        BatchFilling.Bytes(inputs, bytes);
        return Run(OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, bytes.AsMemory(), [count, Height, Width, Channels]),
            count, outputs, time, started);
    }

    /// <param name="value">The input tensor; disposed here.</param>
    private NetworkRun Run(OrtValue value, int count, IReadOnlyList<string> outputs, TimeProvider time, long started)
    {
        using (value)
        {
            var running = time.GetTimestamp();
            using var results = _session.Run(_run, [_input], [value], outputs);
            var ran = time.GetTimestamp();
            NamedTensor[] tensors = [
                .. outputs.Zip(results,
                    (name, result) => new NamedTensor(name, result.GetTensorTypeAndShape().Shape,
                        result.GetTensorDataAsSpan<float>().ToArray()))];
            return new(count, tensors, time.GetElapsedTime(started, running), time.GetElapsedTime(running, ran), time.GetElapsedTime(ran));
        }
    }

    private void RequireSize(int length, string argument)
    {
        if (length != BytesPerImage)
        {
            throw new ArgumentException(
                $"An image must have {BytesPerImage} values ({Height}x{Width}x{Channels}{(TakesBytes ? ", bytes" : string.Empty)}), "
                + $"received {length}.", argument);
        }
    }
}
