using System.Runtime.InteropServices;
using System.Text;
using CnnService.Torch.Native;

namespace CnnService.Engine.Tests.Torch.Native;

/// <summary>What libtorch is told of its share of a GPU's memory; its libraries are made up.</summary>
public sealed class GpuMemoryLimitTests : IDisposable
{
    private const string Known = "roundup_power2_divisions\0\0per_process_memory_fraction\0expandable_segments\0";

    private readonly string _folder = Directory.CreateTempSubdirectory("cnnservice-limit-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(0.6, null, null, "PYTORCH_CUDA_ALLOC_CONF", "per_process_memory_fraction:0.6")]
    [InlineData(0.1234, null, "", "PYTORCH_CUDA_ALLOC_CONF", "per_process_memory_fraction:0.123")]
    [InlineData(0.5, null, "backend:native", "PYTORCH_CUDA_ALLOC_CONF", "backend:native,per_process_memory_fraction:0.5")]
    [InlineData(0.5, "backend:native", "other", "PYTORCH_ALLOC_CONF", "backend:native,per_process_memory_fraction:0.5")]
    public void Setting_OfAnAllocatorThatKnowsIt_IsAddedToWhatIsThere(
        double share, string? first, string? second, string variable, string value)
    {
        Write("libc10_cuda.so", Known);

        Assert.Equal((variable, value), GpuMemoryLimit.Setting(
            _folder, share, name => name == "PYTORCH_ALLOC_CONF" ? first : name == "PYTORCH_CUDA_ALLOC_CONF" ? second : null));
    }

    [Theory]
    [InlineData(1, null)]
    [InlineData(0.5, "per_process_memory_fraction:0.9")]
    public void Setting_WithoutALimitOrWithOneOfTheUser_IsNone(double share, string? present)
    {
        Write("libc10_cuda.so", Known);

        Assert.Null(GpuMemoryLimit.Setting(_folder, share, name => name == "PYTORCH_CUDA_ALLOC_CONF" ? present : null));
    }

    [Theory]
    [InlineData("libc10.so", Known, false)] // A libtorch for the processor.
    [InlineData("libc10_cuda.so", "expandable_segments\0", false)] // An older one ends at a name that it does not know.
    [InlineData("libc10_cuda.so", "set_per_process_memory_fraction\0", false)]
    [InlineData("libc10_cuda.so", "\0per_process_memory_fraction_of_all\0", false)]
    [InlineData("libc10_cuda.so", Known, true)]
    public void IsKnownTo_ALibtorch_AsksItsAllocator(string library, string content, bool isKnown)
    {
        Write(library, content);

        Assert.Equal(isKnown, GpuMemoryLimit.IsKnownTo(_folder));
        Assert.Equal(isKnown, GpuMemoryLimit.Setting(_folder, 0.5, _ => null) is not null);
    }

    [Fact]
    public void IsKnownTo_NameInTheCommonLibraryOfALibtorchForAGpu_IsFoundThere()
    {
        Write("libc10_cuda.so", "\0");
        Write("libc10.so", Known);

        Assert.True(GpuMemoryLimit.IsKnownTo(_folder));
    }

    [Fact]
    public void TotalBytes_WithoutADriver_IsNone()
    {
        // Not asked of libtorch, which this process may not have loaded yet, and which is then loaded the wrong way.
        Assert.SkipWhen(NativeLibrary.TryLoad("libcuda.so.1", out _), "This host has the driver of a GPU.");

        Assert.Equal(0, new DriverGpuMemory().TotalBytes(0));
    }

    private void Write(string library, string content) =>
        File.WriteAllBytes(Path.Combine(_folder, library), Encoding.ASCII.GetBytes(content));
}
