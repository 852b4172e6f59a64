using CnnService.Core.Models;
using Microsoft.ML.OnnxRuntime;

namespace CnnService.Onnx.Serving;

/// <summary>A session and the preprocessing before it. Owns native memory: dispose it. <see cref="Run"/> may be called from one thread at a time.</summary>
internal sealed class OnnxNetwork : IDisposable
{
    private readonly InferenceSession _session;
    private readonly PlanarInput _planes;
    private readonly RunOptions _run = new();
    private float[] _input = [];

    public OnnxNetwork(byte[] model, Preprocessing preprocessing, int threads)
    {
        _session = Sessions.Open(model, threads);
        _planes = new PlanarInput(preprocessing);
        Input = _session.InputNames[0];
        var shape = _session.InputMetadata[Input].Dimensions;
        (Channels, Height, Width) = (shape[1], shape[2], shape[3]);
    }

    public string Input { get; }

    public int Channels { get; }

    public int Height { get; }

    public int Width { get; }

    public int BytesPerPicture => Channels * Height * Width;

    /// <summary>Runs pictures (<c>[H,W,C]</c> bytes each) as one batch and answers one output, row by row.</summary>
    /// <param name="pictures">Each of <see cref="BytesPerPicture"/> bytes.</param>
    /// <param name="output">A name of the file's outputs.</param>
    /// <param name="shape">The output's shape, batch first.</param>
    public float[] Run(IReadOnlyList<ReadOnlyMemory<byte>> pictures, string output, out long[] shape)
    {
        var size = BytesPerPicture;
        if (_input.Length < size * pictures.Count)
        {
            _input = new float[size * pictures.Count];
        }

        for (var i = 0; i < pictures.Count; i++)
        {
            if (pictures[i].Length != size)
            {
                throw new ArgumentException($"A picture must have {size} bytes ({Height}x{Width}x{Channels}), received {pictures[i].Length}.", nameof(pictures));
            }

            _planes.Fill(pictures[i].Span, _input.AsSpan(i * size, size));
        }

        using var value = OrtValue.CreateTensorValueFromMemory(
            OrtMemoryInfo.DefaultInstance, _input.AsMemory(0, size * pictures.Count), [pictures.Count, Channels, Height, Width]);
        using var results = _session.Run(_run, [Input], [value], [output]);
        shape = results[0].GetTensorTypeAndShape().Shape;
        return results[0].GetTensorDataAsSpan<float>().ToArray();
    }

    public void Dispose()
    {
        _run.Dispose();
        _session.Dispose();
    }
}
