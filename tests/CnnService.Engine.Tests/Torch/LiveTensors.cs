using static TorchSharp.torch;

namespace CnnService.Engine.Tests.Torch;

/// <summary>Counts the process's live tensors, once those that nobody refers to any more have been let go.</summary>
internal static class LiveTensors
{
    public static long Count()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return Tensor.TotalCount;
    }
}
