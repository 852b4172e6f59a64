using CnnService.Core.Architecture;
using CnnService.Core.Models;
using CnnService.Onnx.Export;
using CnnService.Onnx.Serving;
using Microsoft.ML.OnnxRuntime;

namespace CnnService.Onnx.Gradients;

/// <summary>A <see cref="GradientGraph"/> opened to be run, by one thread at a time. Owns native memory: dispose it.</summary>
internal sealed class GradientNetwork : IDisposable
{
    private static int _open;

    private readonly InferenceSession _session;
    private readonly RunOptions _run = new();
    private readonly ResolvedNetwork _network;
    private readonly string? _tap;

    /// <param name="network">Of layers, with classes.</param>
    /// <param name="weights">Its tensors.</param>
    /// <param name="tap">The layer whose value and derivative are wanted; null: the picture's derivative.</param>
    /// <param name="threads">Of one run; 0: all cores.</param>
    public GradientNetwork(ResolvedNetwork network, NamedWeights weights, string? tap, int threads)
    {
        (_network, _tap) = (network, tap);
        _session = Sessions.Open(GradientGraph.Build(network, weights, tap), threads);
        Interlocked.Increment(ref _open);
    }

    /// <summary>Networks of this process that are not disposed yet.</summary>
    public static int OpenCount => Volatile.Read(ref _open);

    /// <summary>The network and its derivative for some pictures.</summary>
    /// <param name="planes">Preprocessed, <c>[N,C,H,W]</c>.</param>
    /// <param name="classWeights"><c>[N,K]</c>: what each logit counts for.</param>
    public GradientValues Run(float[] planes, float[] classWeights)
    {
        var (height, width, channels) = _network.Spec.Input;
        long count = classWeights.Length / _network.Outputs;
        using var pictures = OrtValue.CreateTensorValueFromMemory(planes, [count, channels, height, width]);
        using var factors = OrtValue.CreateTensorValueFromMemory(classWeights, [count, _network.Outputs]);
        string[] wanted = _tap is null ? [OnnxExporter.Logits, GradientGraph.InputGradient] : [OnnxExporter.Logits, GradientGraph.TapGradient, GradientGraph.TapValue];
        using var results = _session.Run(_run, [NetworkSpec.InputName, GradientGraph.ClassWeights], [pictures, factors], wanted);
        return new(Copy(results[0]), Copy(results[1]), _tap is null ? null : Copy(results[2]));
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

    private static float[] Copy(OrtValue value) => value.GetTensorDataAsSpan<float>().ToArray();
}

/// <summary>What a <see cref="GradientNetwork"/> gives.</summary>
/// <param name="Logits"><c>[N,K]</c>.</param>
/// <param name="Gradient">By the layer's value, or by the pictures.</param>
/// <param name="Value">The layer's value; null where there is no layer.</param>
internal sealed record GradientValues(float[] Logits, float[] Gradient, float[]? Value);
