using CnnService.Core.Classification;
using CnnService.Core.Common;
using CnnService.Core.Models;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace CnnService.Onnx.Serving;

/// <summary>A session and the preprocessing before it. Owns native memory: dispose it. <c>Run</c> may be called from one thread at a time.</summary>
internal sealed class OnnxNetwork : IDisposable
{
    private static int _open;

    private readonly InferenceSession _session;
    private readonly string _input;
    private readonly PlanarInput _planes;
    private readonly RunOptions _run = new();
    private readonly bool _takesOne;
    private float[] _values = [];

    private OnnxNetwork(InferenceSession session, string input, int[] shape, Preprocessing preprocessing)
    {
        _session = session;
        _input = input;
        _planes = new PlanarInput(preprocessing);
        (Channels, Height, Width) = (shape[1], shape[2], shape[3]);
        _takesOne = shape[0] == 1;
        Interlocked.Increment(ref _open);
        ClassifyMetrics.Sessions(1);
    }

    /// <summary>Networks of this process that are not disposed yet.</summary>
    public static int OpenCount => Volatile.Read(ref _open);

    public IReadOnlyList<string> Outputs => _session.OutputNames;

    public int Channels { get; }

    public int Height { get; }

    public int Width { get; }

    public int BytesPerPicture => Channels * Height * Width;

    /// <summary>The preprocessing is inside: it takes pictures as they are.</summary>
    public bool TakesBytes { get; private init; }

    /// <summary>Opens a network whose first input is a batch of pictures. Problem code: <c>model.corrupt</c>.</summary>
    /// <param name="model">The ONNX file.</param>
    /// <param name="preprocessing">From bytes to what the network takes.</param>
    /// <param name="threads">Of one run; 0: all cores.</param>
    public static Outcome<OnnxNetwork> Open(byte[] model, Preprocessing preprocessing, int threads)
    {
        InferenceSession session;
        try
        {
            session = Sessions.Open(model, threads);
        }
        catch (OnnxRuntimeException refused)
        {
            return Corrupt($"OnnxRuntime refuses the network: {refused.Message}");
        }

        var input = session.InputNames[0];
        var shape = session.InputMetadata[input].Dimensions;
        var takesBytes = session.InputMetadata[input].ElementDataType == TensorElementType.UInt8;
        int[] planes = shape.Length == 4 && takesBytes ? [shape[0], shape[3], shape[1], shape[2]] : shape;
        if (planes.Length == 4 && planes[1] == preprocessing.Mean.Count && planes[2] > 0 && planes[3] > 0)
        {
            return new OnnxNetwork(session, input, planes, preprocessing) { TakesBytes = takesBytes };
        }

        session.Dispose();
        return Corrupt($"Its input must be [N, {preprocessing.Mean.Count}, height, width], but is [{string.Join(", ", shape)}].");
    }

    /// <summary>Runs pictures (<c>[H,W,C]</c> bytes each) as one batch and answers one output, row by row.</summary>
    /// <param name="pictures">Each of <see cref="BytesPerPicture"/> bytes.</param>
    /// <param name="output">A name of the file's outputs.</param>
    /// <param name="shape">The output's shape, batch first.</param>
    public float[] Run(IReadOnlyList<ReadOnlyMemory<byte>> pictures, string output, out long[] shape)
    {
        if (_takesOne && pictures.Count > 1)
        {
            return RunEach(pictures, output, out shape);
        }

        if (TakesBytes)
        {
            return RunBytes(pictures, output, out shape);
        }

        var size = BytesPerPicture;
        if (_values.Length < size * pictures.Count)
        {
            _values = new float[size * pictures.Count];
        }

        for (var i = 0; i < pictures.Count; i++)
        {
            Require(pictures[i].Length);
            _planes.Fill(pictures[i].Span, _values.AsSpan(i * size, size));
        }

        return Run(_values.AsMemory(0, size * pictures.Count), pictures.Count, output, out shape);
    }

    /// <summary>As the other, for what is preprocessed already.</summary>
    /// <param name="planes"><c>[N,C,H,W]</c>.</param>
    /// <param name="count">N.</param>
    /// <param name="output">A name of the file's outputs.</param>
    /// <param name="shape">The output's shape, batch first.</param>
    public float[] Run(Memory<float> planes, int count, string output, out long[] shape)
    {
        using var value = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, planes, [count, Channels, Height, Width]);
        using var results = _session.Run(_run, [_input], [value], [output]);
        shape = results[0].GetTensorTypeAndShape().Shape;
        return results[0].GetTensorDataAsSpan<float>().ToArray();
    }

    /// <summary>The sizes of an output behind the batch; -1 where they depend on the input.</summary>
    public long[] ShapeOf(string output) => [.. _session.OutputMetadata[output].Dimensions.Skip(1).Select(size => (long)size)];

    /// <summary>Runs a batch of tensors and answers several outputs.</summary>
    public IReadOnlyList<NamedTensor> RunAll(TensorInput input, IReadOnlyList<string> outputs)
    {
        if (TakesBytes || _takesOne || input.Planes is not { } planes)
        {
            return [.. outputs.Select(output => RunOne(input, output))];
        }

        using var value = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, planes, [input.Count, Channels, Height, Width]);
        using var results = _session.Run(_run, [_input], [value], outputs);
        return [.. outputs.Zip(results, (name, result) => new NamedTensor(name, result.GetTensorTypeAndShape().Shape, result.GetTensorDataAsSpan<float>().ToArray()))];
    }

    private NamedTensor RunOne(TensorInput input, string output)
    {
        if (input.Pixels is { } pixels)
        {
            var values = Run(pixels, output, out var shape);
            return new(output, shape, values);
        }

        if (TakesBytes)
        {
            throw new InvalidOperationException("The network takes pictures as bytes.");
        }

        var rows = RunPlanes(input.Planes!.Value.ToArray(), input.Count, output);
        return new(output, [input.Count, .. ShapeOf(output)], rows);
    }

    /// <summary>As <see cref="Run(Memory{float}, int, string, out long[])"/>, also where the file takes one picture at a time.</summary>
    public float[] RunPlanes(float[] planes, int count, string output)
    {
        if (!_takesOne)
        {
            return Run(planes, count, output, out _);
        }

        var size = BytesPerPicture;
        return [.. Enumerable.Range(0, count).SelectMany(i => Run(planes.AsMemory(i * size, size), 1, output, out _))];
    }

    /// <summary>A file of elsewhere may take one picture at a time.</summary>
    private float[] RunEach(IReadOnlyList<ReadOnlyMemory<byte>> pictures, string output, out long[] shape)
    {
        shape = [];
        var rows = new List<float>();
        foreach (var picture in pictures)
        {
            rows.AddRange(Run([picture], output, out shape));
        }

        shape[0] = pictures.Count;
        return [.. rows];
    }

    private float[] RunBytes(IReadOnlyList<ReadOnlyMemory<byte>> pictures, string output, out long[] shape)
    {
        var bytes = new byte[BytesPerPicture * pictures.Count];
        for (var i = 0; i < pictures.Count; i++)
        {
            Require(pictures[i].Length);
            pictures[i].CopyTo(bytes.AsMemory(i * BytesPerPicture));
        }

        using var value = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, bytes.AsMemory(), [pictures.Count, Height, Width, Channels]);
        using var results = _session.Run(_run, [_input], [value], [output]);
        shape = results[0].GetTensorTypeAndShape().Shape;
        return results[0].GetTensorDataAsSpan<float>().ToArray();
    }

    /// <summary>Refuses a picture of another size.</summary>
    public void Require(int bytes)
    {
        if (bytes != BytesPerPicture)
        {
            throw new ArgumentException($"A picture must have {BytesPerPicture} bytes ({Height}x{Width}x{Channels}), received {bytes}.", nameof(bytes));
        }
    }

    public void Dispose()
    {
        if (!_run.IsClosed)
        {
            _run.Dispose();
            _session.Dispose();
            Interlocked.Decrement(ref _open);
            ClassifyMetrics.Sessions(-1);
        }
    }

    private static Problem Corrupt(string detail) => new(ProblemKind.Unavailable, "model.corrupt", detail);
}
