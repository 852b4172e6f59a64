using CnnService.Torch.Native;

namespace CnnService.Engine.Tests.Torch.Native;

public sealed class MissingGpuTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cnnservice-gpu-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Explain_OfALibraryForGpusThatFindsNone_SaysSo()
    {
        File.WriteAllBytes(Path.Combine(_folder.FullName, "libtorch_cuda.so"), []);

        Assert.StartsWith(
            "this libtorch is made for GPUs and finds none: ", MissingGpu.Explain(_folder.FullName, ["cpu"]), StringComparison.Ordinal);
        Assert.Null(MissingGpu.Explain(_folder.FullName, ["cpu", "cuda:0"]));
    }

    [Fact]
    public void Explain_OfOneForTheProcessor_IsSilent() => Assert.Null(MissingGpu.Explain(_folder.FullName, ["cpu"]));
}
