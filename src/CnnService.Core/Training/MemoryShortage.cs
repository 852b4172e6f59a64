using CnnService.Core.Common;

namespace CnnService.Core.Training;

/// <summary>The problem <c>training.out-of-memory</c>, and the words by which native libraries tell of it.</summary>
public static class MemoryShortage
{
    /// <summary>libtorch, its libraries and the C++ runtime report failed allocations only in text.</summary>
    private static readonly string[] Words =
    [
        "out of memory", "DefaultCPUAllocator", "std::bad_alloc",
        "STATUS_ALLOC_FAILED", // cuBLAS, and cuDNN before version 9.
        "ALLOCATION_FAILED", // cuDNN from version 9 on.
    ];

    /// <summary>Whether a message of a native library, or the last words of a process, tell of a failed allocation.</summary>
    public static bool IsToldBy(string text) => Words.Any(word => text.Contains(word, StringComparison.OrdinalIgnoreCase));

    /// <summary>A step that did not fit; the data hold the same numbers.</summary>
    /// <param name="batchSize">Images of the step.</param>
    /// <param name="device">"cpu" or "cuda:0"; null where it is not known.</param>
    /// <param name="largest">The largest number of images that fits, tried by halving; 0: not even one; null: not tried.</param>
    public static Problem Refuse(int batchSize, string? device, int? largest)
    {
        var advice = largest switch
        {
            null => "try a smaller batchSize",
            0 => "not even one does: take a smaller imageSize or network",
            _ => $"tried by halving, the largest batchSize that fits is {largest}",
        };
        return Problem.Unprocessable(
            "training.out-of-memory",
            $"A step of {batchSize} images does not fit into the memory of {device ?? "the training's device"}; {advice}.")
            with
        {
            Data = new Dictionary<string, object?> { ["batchSize"] = batchSize, ["largestBatchSize"] = largest, ["device"] = device },
        };
    }
}
