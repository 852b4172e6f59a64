using CnnService.Core.Common;
using CnnService.Onnx.Serving;

namespace CnnService.Engine.Tests.Onnx.Serving;

public sealed class CudaMemoryTests
{
    [Theory]
    [InlineData("Non-zero status code returned while running Conv node. Status Message: bfc_arena.cc:359 void* onnxruntime::BFCArena::"
        + "AllocateRawInternal(size_t, bool) Available memory of 1073741824 is smaller than requested bytes of 4294967296", "cuda", true)]
    [InlineData("OnnxRuntime refuses the network: CUDA failure 2: out of memory ; GPU=0 ; hostname=here", "cuda", true)]
    [InlineData("CUBLAS failure 3: CUBLAS_STATUS_ALLOC_FAILED ; GPU=0", "cuda", true)] // Its handle finds no room.
    [InlineData("CUDNN failure 4: CUDNN_STATUS_ALLOC_FAILED ; GPU=0", "cuda", true)]
    [InlineData("CUDA failure 2: out of memory ; GPU=0 ; hostname=here", "cpu", false)] // It runs elsewhere.
    [InlineData("OnnxRuntime refuses the network: Fatal error: Unknown is not a registered function/op", "cuda", false)]
    public void FindShortage_OnnxRuntimesWords_AreNoFaultOfTheModel(string message, string device, bool isShortage)
    {
        var problem = CudaMemory.FindShortage(message, device);

        Assert.Equal(isShortage ? "serving.gpu-memory" : null, problem?.Code);
        Assert.Equal(isShortage ? ProblemKind.Unavailable : null, problem?.Kind);
    }
}
