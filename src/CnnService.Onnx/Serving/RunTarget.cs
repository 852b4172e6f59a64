namespace CnnService.Onnx.Serving;

/// <summary>Where a network runs, and how its batches get there.</summary>
/// <param name="Cuda">Settings of the GPU; null: the processor.</param>
/// <param name="IsBound">Whether batches are padded and lie in bound memory, see <see cref="BoundNetwork"/>.</param>
internal sealed record RunTarget(CudaSettings? Cuda, bool IsBound)
{
    public static RunTarget Processor { get; } = new(null, false);

    /// <summary><c>cpu</c> or <c>cuda</c>.</summary>
    public string Device => Cuda is null ? ServingDevice.Cpu : ServingDevice.Cuda;

    /// <param name="device"><c>cpu</c> or <c>cuda</c>.</param>
    /// <param name="cuda">Settings of the GPU.</param>
    public static RunTarget From(string device, CudaSettings cuda) => device == ServingDevice.Cuda ? new(cuda, true) : Processor;
}
