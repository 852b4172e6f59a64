using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Onnx.Format;
using CnnService.Onnx.Serving;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace CnnService.Onnx.Import;

/// <summary>A graph opened to see what it gives, on images of its own and bounded in memory.</summary>
internal sealed class TrialSession : IDisposable
{
    private const long MaxMemoryGrowth = 512L << 20;

    private readonly InferenceSession _session;
    private readonly InputSpec _image;
    private readonly bool _takesBytes;
    private readonly long _memory;
    private readonly long _allowed;

    private TrialSession(InferenceSession session, GraphInput input, long memory, long allowed)
    {
        (_session, _image, _takesBytes, _memory, _allowed) = (session, input.Image, input.IsBytes, memory, allowed);
    }

    /// <summary>Problem: <c>onnx.unreadable</c> where OnnxRuntime refuses the graph.</summary>
    /// <param name="model">Its input takes planes <c>[N,C,H,W]</c>, or bytes <c>[N,H,W,C]</c>.</param>
    /// <param name="input">The image input.</param>
    public static Outcome<TrialSession> Open(ModelProto model, GraphInput input)
    {
        var memory = Environment.WorkingSet;
        var file = model.ToByteArray();
        try
        {
            return new TrialSession(Sessions.Open(file, threads: 1), input, memory, MaxMemoryGrowth + (4L * file.Length));
        }
        catch (OnnxRuntimeException refused)
        {
            return Problem.Unprocessable("onnx.unreadable", $"OnnxRuntime refuses the network: {refused.Message}");
        }
    }

    /// <summary>
    /// Runs trial images as one batch: by output its type, dimensions and values as floats (null for types that are no numbers).
    /// Problems: <c>onnx.unreadable</c> where the run fails, <c>onnx.too-large</c>.
    /// </summary>
    /// <param name="images">Indices of <see cref="TrialImages"/>.</param>
    public Outcome<IReadOnlyList<TrialValue>> Run(params IReadOnlyList<int> images)
    {
        try
        {
            using var value = Input(images);
            using var run = new RunOptions();
            using var results = _session.Run(run, [_session.InputNames[0]], [value], _session.OutputNames);
            IReadOnlyList<TrialValue> values = [.. _session.OutputNames.Zip(results, Read)];
            return Environment.WorkingSet - _memory > _allowed
                ? Problem.Unprocessable("onnx.too-large",
                    $"The network takes more than {MaxMemoryGrowth >> 20} MiB of memory for one image.")
                : Outcome.Success(values);
        }
        catch (OnnxRuntimeException failure)
        {
            return Problem.Unprocessable("onnx.unreadable", $"OnnxRuntime cannot run the network: {failure.Message}");
        }
    }

    public void Dispose() => _session.Dispose();

    private OrtValue Input(IReadOnlyList<int> images)
    {
        var memory = OrtMemoryInfo.DefaultInstance;
        var (height, width, channels) = _image;
        if (_takesBytes)
        {
            var bytes = images.SelectMany(index => TrialImages.Bytes(_image, index)).ToArray();
            return OrtValue.CreateTensorValueFromMemory(memory, bytes.AsMemory(), [images.Count, height, width, channels]);
        }

        var planes = images.SelectMany(index => TrialImages.Planes(_image, index)).ToArray();
        return OrtValue.CreateTensorValueFromMemory(memory, planes.AsMemory(), [images.Count, channels, height, width]);
    }

    private static TrialValue Read(string name, OrtValue value)
    {
        if (!value.IsTensor)
        {
            return new(name, false, [], null);
        }

        var info = value.GetTensorTypeAndShape();
        return new(name, info.ElementDataType == TensorElementType.Float, info.Shape, info.ElementDataType switch
        {
            TensorElementType.Float => value.GetTensorDataAsSpan<float>().ToArray(),
            TensorElementType.Double => Array.ConvertAll(value.GetTensorDataAsSpan<double>().ToArray(), x => (float)x),
            TensorElementType.Int64 => Array.ConvertAll(value.GetTensorDataAsSpan<long>().ToArray(), x => (float)x),
            TensorElementType.Int32 => Array.ConvertAll(value.GetTensorDataAsSpan<int>().ToArray(), x => (float)x),
            TensorElementType.UInt8 => Array.ConvertAll(value.GetTensorDataAsSpan<byte>().ToArray(), x => (float)x),
            TensorElementType.Int8 => Array.ConvertAll(value.GetTensorDataAsSpan<sbyte>().ToArray(), x => (float)x),
            TensorElementType.Bool => Array.ConvertAll(value.GetTensorDataAsSpan<bool>().ToArray(), x => x ? 1f : 0f),
            _ => null,
        });
    }
}

/// <summary>A value of a trial run.</summary>
/// <param name="Name">Name of the output.</param>
/// <param name="IsFloat">Whether its type is float32.</param>
/// <param name="Shape">All of its dimensions.</param>
/// <param name="Values">In C order; null for types that are no numbers.</param>
internal sealed record TrialValue(string Name, bool IsFloat, long[] Shape, float[]? Values)
{
    /// <summary>The values of one image of a batch.</summary>
    public float[] Row(int index, int batch) => Values![(index * Values.Length / batch)..((index + 1) * Values.Length / batch)];
}
