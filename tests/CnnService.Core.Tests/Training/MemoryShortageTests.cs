using CnnService.Core.Training;

namespace CnnService.Core.Tests.Training;

public class MemoryShortageTests
{
    [Theory]
    [InlineData("CUDA out of memory. Tried to allocate 2.00 GiB.", true)]
    [InlineData("[enforce fail at alloc_cpu.cpp:124] err == 0. DefaultCPUAllocator: can't allocate memory", true)]
    [InlineData("terminate called after throwing an instance of 'std::bad_alloc'", true)]
    [InlineData("cuDNN error: CUDNN_STATUS_ALLOC_FAILED", true)]
    [InlineData("cuDNN error: CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED", true)] // Version 9.
    [InlineData("mat1 and mat2 shapes cannot be multiplied (2x3 and 2x3)", false)]
    [InlineData("", false)]
    public void IsToldBy_WordsOfALibrary_AreUnderstood(string words, bool expected) =>
        Assert.Equal(expected, MemoryShortage.IsToldBy(words));

    [Theory]
    [InlineData("cuda:0", 64, "cuda:0; tried by halving, the largest batchSize that fits is 64.")]
    [InlineData("cpu", 0, "cpu; not even one does: take a smaller imageSize or network.")]
    [InlineData(null, null, "the training's device; try a smaller batchSize.")]
    public void Refuse_ABatch_SaysWhatFits(string? device, int? largest, string end)
    {
        var problem = MemoryShortage.Refuse(256, device, largest);

        Assert.Equal("training.out-of-memory", problem.Code);
        Assert.Equal($"A step of 256 images does not fit into the memory of {end}", problem.Detail);
        Assert.Equal([256, largest, device], [problem.Data["batchSize"], problem.Data["largestBatchSize"], problem.Data["device"]]);
    }
}
