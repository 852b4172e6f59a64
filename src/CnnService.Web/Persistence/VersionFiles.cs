using CnnService.Core.Common;
using CnnService.Web.Artifacts;
using Microsoft.EntityFrameworkCore;

namespace CnnService.Web.Persistence;

/// <summary>Puts what was changed in a version's folder into the store of artifacts, where there is one.</summary>
internal sealed class VersionFiles(Store store, DataFolders folders)
{
    /// <summary>Within a transaction of the caller's, who has written to the version's folder.</summary>
    /// <exception cref="ArtifactsUnavailableException">Somebody else has changed it meanwhile, or the store does not answer.</exception>
    public async Task UploadAsync(StoreContext context, string model, int version, CancellationToken cancel)
    {
        var row = context.ModelVersions.Where(row => row.Model == model && row.Version == version);
        if (!folders.Copies.AreUsed || await row.Select(one => one.Files).FirstOrDefaultAsync(cancel) is not { } before)
        {
            return;
        }

        var folder = folders.ModelVersion(model, version);
        var isUploaded = false;
        try
        {
            var files = await folders.Copies.UploadAsync(folder, FolderCopies.PrefixOf(before), before, isPart: null, cancel);
            if (!await ModelStore.ReplaceFilesAsync(context, model, version, before, files!, cancel))
            {
                throw new ArtifactsUnavailableException($"The version '{model}:{version}' was changed by others meanwhile; try again.");
            }

            folders.Copies.Adopt(folder, files);
            isUploaded = true;
        }
        finally
        {
            if (!isUploaded)
            {
                folders.Copies.Invalidate(folder);
            }
        }
    }

    /// <inheritdoc cref="UploadAsync(StoreContext, string, int, CancellationToken)"/>
    public Task UploadAsync(string model, int version, CancellationToken cancel) => !folders.Copies.AreUsed
        ? Task.CompletedTask
        : store.UseAsync(async context =>
        {
            await UploadAsync(context, model, version, cancel);
            return true;
        });
}
