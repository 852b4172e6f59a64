using CnnService.Tests.Shared;
using CnnService.Torch.Native;

namespace CnnService.Engine.Tests.Torch.Native;

public sealed class MissingGpuTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Explain_OfALibraryForGpusThatFindsNone_SaysSo()
    {
        File.WriteAllBytes(Path.Combine(_folder.Path, "libtorch_cuda.so"), []);

        Assert.StartsWith(
            "this libtorch is made for GPUs and finds none: ", MissingGpu.Explain(_folder.Path, ["cpu"]), StringComparison.Ordinal);
        Assert.Null(MissingGpu.Explain(_folder.Path, ["cpu", "cuda:0"]));
    }

    [Fact]
    public void Explain_OfOneForTheProcessor_IsSilent() => Assert.Null(MissingGpu.Explain(_folder.Path, ["cpu"]));
}
