using CnnService.Core.Models;
using CnnService.Web.Api;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;

namespace CnnService.Web.Features.Models;

/// <summary>Reads models with their versions from the database and the manifests.</summary>
internal sealed class ModelReader(ModelStore models, CorruptModels corrupt, DataFolders folders)
{
    public ModelStore Store => models;

    /// <summary>A model; one without any version and alias does not exist.</summary>
    public async Task<ModelResource> ReadAsync(string name, CancellationToken cancel)
    {
        var rows = await models.VersionsAsync(name, cancel);
        var aliases = (await models.AliasesAsync(name, cancel)).ToDictionary(row => row.Alias, row => row.Version);
        if (rows.Count > 0)
        {
            aliases[ModelStore.Latest] = rows[^1].Version;
        }

        List<ModelVersionResource> versions = [];
        List<CorruptVersion> damaged = [];
        foreach (var row in Enumerable.Reverse(rows))
        {
            var folder = folders.ModelVersion(name, row.Version);
            await folders.Copies.EnsureAsync(folder, row.Files, IsDescription, cancel);
            var manifest = row.Files is null
                ? ModelPackage.Open(CalibratedFiles.FolderOf(folder))
                : ModelPackage.ReadDescription(CalibratedFiles.FolderOf(folder));
            if ((manifest.Problem ?? corrupt.Find(name, row.Version)) is { } problem)
            {
                damaged.Add(new(row.Version, Failure.From(problem)));
            }
            else
            {
                versions.Add(ModelVersionResource.From(name, row.Version, manifest.Value));
            }
        }

        return new(name, aliases, versions, damaged);
    }

    /// <summary>Manifests, and what tells which of them counts.</summary>
    private static bool IsDescription(string path) => path.EndsWith(".json", StringComparison.Ordinal);
}
