using CnnService.Core.Common;

namespace CnnService.Web.Artifacts;

/// <content>Single files, on their way from one machine to another.</content>
internal sealed partial class FolderCopies
{
    /// <summary>Puts one file into the store under the path that it has in the data directory; nothing without a store.</summary>
    public Task PutFileAsync(string file, CancellationToken cancel) =>
        store?.PutAsync(KeyOf(file), file, cancel) ?? Task.CompletedTask;

    /// <summary>Brings such a file, unless it is here. False: the store does not have it either.</summary>
    public async Task<bool> EnsureFileAsync(string file, CancellationToken cancel)
    {
        if (store is null || File.Exists(file))
        {
            return File.Exists(file);
        }

        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var isThere = false;
        await DurableFile.WriteAsync(
            file + ".part",
            async target => isThere = await store.GetAsync(KeyOf(file), 0, null, (from, over) => from.CopyToAsync(target, over), cancel),
            Guid.NewGuid().ToString("N"));
        if (isThere)
        {
            File.Move(file + ".part", file, overwrite: true);
        }
        else
        {
            File.Delete(file + ".part");
        }

        return isThere;
    }

    /// <summary>Deletes such a file from the store.</summary>
    public Task DeleteFileAsync(string file, CancellationToken cancel) =>
        store?.DeleteAsync(KeyOf(file), cancel) ?? Task.CompletedTask;

    private string KeyOf(string file) => Path.GetRelativePath(root, file).Replace(Path.DirectorySeparatorChar, '/');
}
