using CnnService.Onnx.Gradients;

namespace CnnService.Engine.Tests.Onnx.Gradients;

public sealed class GpuShortageTests
{
    [Theory]
    [InlineData("Non-zero status code returned while running Conv node. Status Message: /onnxruntime_src/onnxruntime/core/framework/"
        + "bfc_arena.cc:359 void* onnxruntime::BFCArena::AllocateRawInternal(size_t, bool) Failed to allocate memory for requested buffer "
        + "of size 4294967296", true, true)]
    [InlineData("CUDA failure 2: out of memory ; GPU=0 ; hostname=here", true, true)]
    [InlineData("CUDA failure 2: out of memory ; GPU=0 ; hostname=here", false, false)] // No GPU was asked.
    [InlineData("CUDA failure 100: no CUDA-capable device is detected", true, false)]
    public void Find_OnnxRuntimesWords_AreALackOfMemoryOfTheGpuAlone(string message, bool onGpu, bool isShortage) =>
        Assert.Equal(isShortage ? "drawing.gpu-memory" : null, GpuShortage.Find(message, onGpu)?.Code);
}
