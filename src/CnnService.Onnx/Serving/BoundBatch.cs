using CnnService.Core.Architecture;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace CnnService.Onnx.Serving;

/// <summary>
/// The memory of one run of a batch of one size, bound to the network's session and, for images as bytes, to that of the preprocessing in
/// front of it: what lies between them stays on the device. For one run at a time. Owns native memory.
/// </summary>
internal sealed class BoundBatch : IDisposable
{
    private readonly InferenceSession _network;
    private readonly InferenceSession? _preprocessing;
    private readonly OrtValue _input;
    private readonly OrtValue? _planes;
    private readonly OrtIoBinding? _binding;
    private readonly OrtIoBinding? _before;

    /// <param name="network">The network's session.</param>
    /// <param name="preprocessing">The session in front of it; null if the network takes the input as it is.</param>
    /// <param name="memory">Where the tensors lie.</param>
    /// <param name="image">Size of an image.</param>
    /// <param name="size">Images of the batch, the padding included.</param>
    /// <param name="areBytes">Whether the input is images, uint8 <c>[N,H,W,C]</c>, and not planes, float32 <c>[N,C,H,W]</c>.</param>
    public BoundBatch(
        InferenceSession network, InferenceSession? preprocessing, DeviceMemory memory, InputSpec image, int size, bool areBytes)
    {
        (_network, _preprocessing) = (network, preprocessing);
        long[] planes = [size, image.Channels, image.Height, image.Width];
        _input = areBytes
            ? OrtValue.CreateAllocatedTensorValue(memory.Host, TensorElementType.UInt8, [size, image.Height, image.Width, image.Channels])
            : OrtValue.CreateAllocatedTensorValue(memory.Host, TensorElementType.Float, planes);
        try
        {
            _binding = network.CreateIoBinding();
            if (preprocessing is not null)
            {
                _planes = OrtValue.CreateAllocatedTensorValue(memory.Device, TensorElementType.Float, planes);
                _before = preprocessing.CreateIoBinding();
                _before.BindOutput(preprocessing.OutputNames[0], _planes);
                _binding.BindInput(network.InputNames[0], _planes);
            }
        }
        catch
        {
            Dispose(); // Its finalizers would free memory through an allocator that is gone by then.
            throw;
        }
    }

    /// <summary>The memory of the input, to be filled before a run.</summary>
    public Span<byte> Input => _input.GetTensorMutableRawData();

    /// <summary>Computes the named outputs of the whole batch, in memory of the processor.</summary>
    public IDisposableReadOnlyCollection<OrtValue> Run(RunOptions run, IReadOnlyList<string> outputs)
    {
        if (_before is { } before)
        {
            Execute(_preprocessing!, before, run);
        }

        var binding = _binding!;
        binding.ClearBoundOutputs();
        foreach (var output in outputs)
        {
            binding.BindOutputToDevice(output, OrtMemoryInfo.DefaultInstance);
        }

        Execute(_network, binding, run);
        return binding.GetOutputValues();
    }

    public void Dispose()
    {
        _before?.Dispose();
        _binding?.Dispose();
        _planes?.Dispose();
        _input.Dispose();
    }

    /// <summary>The input is copied to the device when it is bound, so the first of the two sessions binds it in each run.</summary>
    private void Execute(InferenceSession session, OrtIoBinding binding, RunOptions run)
    {
        if (session == (_preprocessing ?? _network))
        {
            binding.BindInput(session.InputNames[0], _input);
            binding.SynchronizeBoundInputs();
        }

        session.RunWithBinding(run, binding);
        binding.SynchronizeBoundOutputs();
    }
}
