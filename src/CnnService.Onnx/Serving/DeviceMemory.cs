using Microsoft.ML.OnnxRuntime;

namespace CnnService.Onnx.Serving;

/// <summary>Where the tensors of bound runs lie. On the processor both places are its memory. Owns native memory.</summary>
internal sealed class DeviceMemory : IDisposable
{
    private readonly OrtMemoryInfo? _pinned;
    private readonly OrtMemoryInfo? _onDevice;
    private readonly OrtAllocator? _host;
    private readonly OrtAllocator? _device;

    /// <param name="session">Its provider allocates.</param>
    /// <param name="cuda">Settings of the GPU; null: the processor.</param>
    public DeviceMemory(InferenceSession session, CudaSettings? cuda)
    {
        if (cuda is null)
        {
            return;
        }

        _pinned = new(OrtMemoryInfo.allocatorCUDA_PINNED, OrtAllocatorType.DeviceAllocator, cuda.Index, OrtMemType.CpuOutput);
        _onDevice = new(OrtMemoryInfo.allocatorCUDA, OrtAllocatorType.DeviceAllocator, cuda.Index, OrtMemType.Default);
        _host = new(session, _pinned);
        _device = new(session, _onDevice);
    }

    /// <summary>Memory that the program writes; page-locked where there is a GPU, so that it is copied without a detour.</summary>
    public OrtAllocator Host => _host ?? OrtAllocator.DefaultInstance;

    /// <summary>Memory of the device.</summary>
    public OrtAllocator Device => _device ?? OrtAllocator.DefaultInstance;

    public void Dispose()
    {
        _device?.Dispose();
        _host?.Dispose();
        _onDevice?.Dispose();
        _pinned?.Dispose();
    }
}
