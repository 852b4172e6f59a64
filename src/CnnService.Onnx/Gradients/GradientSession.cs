using CnnService.Core.Interpretation.Attribution;
using CnnService.Core.Interpretation.Layers;
using CnnService.Onnx.Serving;
using Microsoft.ML.OnnxRuntime;

namespace CnnService.Onnx.Gradients;

/// <summary>
/// An OnnxRuntime session of a gradient graph. Thread safe; calls are serialized, because a run needs much memory. Owns native memory:
/// dispose it only when nothing runs.
/// </summary>
internal sealed class GradientSession : IDisposable
{
    private static int _open;

    private readonly Lock _lock = new();
    private readonly InferenceSession _session;
    private readonly RunOptions _run = new();
    private readonly long[] _image;
    private readonly long[] _weights;

    /// <exception cref="OnnxRuntimeException">OnnxRuntime rejects the file.</exception>
    public GradientSession(byte[] graph, int threads, CudaSettings? cuda = null)
    {
        _session = Sessions.Open(graph, threads, cuda);
        _image = Sizes(Core.Architecture.NetworkSpec.InputName);
        _weights = Sizes(GradientGraph.OutputWeights);
        Interlocked.Increment(ref _open);
    }

    /// <summary>Sessions of this process that are not disposed yet; for tests, which prove by it that native memory is freed.</summary>
    public static int OpenCount => Volatile.Read(ref _open);

    /// <exception cref="OnnxRuntimeException">The run fails, for example for inputs that are not finite.</exception>
    public ClassGradient Run(GradientQuery query)
    {
        var factors = new float[query.Count * query.OutputWeights.Count];
        for (var i = 0; i < factors.Length; i++)
        {
            factors[i] = query.OutputWeights[i % query.OutputWeights.Count];
        }

        using var image = OrtValue.CreateTensorValueFromMemory(query.Planes.ToArray(), [query.Count, .. _image]);
        using var weights = OrtValue.CreateTensorValueFromMemory(factors, [query.Count, .. _weights]);
        using var results = Run(image, weights);
        var values = _session.OutputNames.Zip(results).ToDictionary(pair => pair.First, pair => pair.Second);
        return new(
            Values(values[GradientGraph.Logits]),
            Values(values[GradientGraph.Scores]),
            values.TryGetValue(GradientGraph.Activations, out var activations) ? Maps(activations) : null,
            Values(values[activations is null ? GradientGraph.InputGradients : GradientGraph.ActivationGradients]));
    }

    public void Dispose()
    {
        if (!_run.IsClosed)
        {
            _run.Dispose();
            _session.Dispose();
            Interlocked.Decrement(ref _open);
        }
    }

    private IDisposableReadOnlyCollection<OrtValue> Run(OrtValue image, OrtValue weights)
    {
        lock (_lock)
        {
            return _session.Run(
                _run, [Core.Architecture.NetworkSpec.InputName, GradientGraph.OutputWeights], [image, weights], _session.OutputNames);
        }
    }

    /// <summary>The dimensions after the batch dimension.</summary>
    private long[] Sizes(string input) => [.. _session.InputMetadata[input].Dimensions.Skip(1).Select(size => (long)size)];

    private static float[] Values(OrtValue value) => value.GetTensorDataAsSpan<float>().ToArray();

    private static LayerActivations Maps(OrtValue value)
    {
        var shape = value.GetTensorTypeAndShape().Shape;
        var (height, width) = shape.Length == 4 ? ((int)shape[2], (int)shape[3]) : (1, 1);
        return new((int)shape[1], height, width, Values(value).AsMemory(0, (int)shape[1] * height * width));
    }
}
