using CnnService.Core.Models;
using CnnService.Web.Artifacts;
using Microsoft.EntityFrameworkCore;

namespace CnnService.Web.Persistence;

/// <summary>Rebuilds the rows of model versions from their manifests, and aliases from the copies beside them.</summary>
internal sealed class RecoveredModels(DataFolders folders, DirectoryContents contents, AliasFiles aliases)
{
    /// <summary>Adds missing rows and deletes those whose files are gone. Returns how many were added.</summary>
    /// <param name="context">A context with an open transaction.</param>
    /// <param name="cancel">Cancels and rolls back.</param>
    public async Task<int> AddAsync(StoreContext context, CancellationToken cancel)
    {
        var known = await context.ModelVersions.ToListAsync(cancel);
        var onDisk = contents.ModelVersions();
        context.ModelVersions.RemoveRange(known.Where(row => !onDisk.Contains((row.Model, row.Version))));
        var lost = onDisk.Except(known.Select(row => (row.Model, row.Version))).ToList();
        var runs = known.Select(row => row.RunId).OfType<string>().ToHashSet(StringComparer.Ordinal);
        foreach (var (model, version) in lost)
        {
            var manifest = ModelPackage.Open(folders.ModelVersion(model, version));
            var run = manifest.Match(found => found.Origin?.RunId, _ => null);
            context.ModelVersions.Add(new ModelVersionRow
            {
                Model = model,
                Version = version,
                RunId = run is not null && runs.Add(run) ? run : null, // A damaged version keeps its number, and is told to be damaged.
                CreatedAt = manifest.Match(
                    found => found.CreatedAt, _ => Directory.GetLastWriteTimeUtc(folders.ModelVersion(model, version))),
            });
        }

        foreach (var model in onDisk.GroupBy(entry => entry.Model))
        {
            await CountAsync(context, model.Key, model.Max(entry => entry.Version), cancel);
            await AliasAsync(context, model.Key, [.. model.Select(entry => entry.Version)], cancel);
        }

        await context.SaveChangesAsync(cancel);
        return lost.Count;
    }

    /// <summary>Numbers are never used again.</summary>
    private static async Task CountAsync(StoreContext context, string model, int highest, CancellationToken cancel)
    {
        if (await context.Models.FindAsync([model], cancel) is not { } row)
        {
            context.Models.Add(row = new ModelRow { Name = model });
        }

        row.HighestVersion = Math.Max(row.HighestVersion, highest);
    }

    /// <summary>The file is newer than a backup: what it names holds, as far as the version exists.</summary>
    private async Task AliasAsync(StoreContext context, string model, HashSet<int> versions, CancellationToken cancel)
    {
        var known = await context.Aliases.Where(row => row.Model == model).ToListAsync(cancel);
        context.Aliases.RemoveRange(known.Where(row => !versions.Contains(row.Version)));
        foreach (var (alias, version) in aliases.Read(model).Where(entry => versions.Contains(entry.Value)))
        {
            var row = known.Find(other => other.Alias == alias);
            if (row is null || context.Entry(row).State == EntityState.Deleted)
            {
                context.Aliases.Add(new AliasRow { Model = model, Alias = alias, Version = version });
            }
            else
            {
                row.Version = version;
            }
        }
    }
}
