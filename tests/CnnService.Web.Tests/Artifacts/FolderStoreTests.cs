using CnnService.Core.Common;
using CnnService.Web.Artifacts;

namespace CnnService.Web.Tests.Artifacts;

/// <summary>Objects as files of a folder.</summary>
public sealed class FolderStoreTests : ArtifactStoreContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private FolderStore? _store;

    public void Dispose()
    {
        _store?.Dispose();
        _folder.Dispose();
    }

    private protected override Task<IArtifactStore> CreateAsync() =>
        Task.FromResult<IArtifactStore>(_store = new FolderStore(Path.Combine(_folder.Path, "store"), concurrency: 2));
}
