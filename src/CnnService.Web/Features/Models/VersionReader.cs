using CnnService.Core.Classification;
using CnnService.Core.Models;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;

namespace CnnService.Web.Features.Models;

/// <summary>Makes the resource of a version from its package, its aliases and what was set for it.</summary>
internal sealed class VersionReader(ModelStore models, ClassThresholdFiles thresholds)
{
    public async Task<ModelVersionResource> ReadAsync(LoadedModel model, CancellationToken cancel)
    {
        var aliases = (await models.AliasesAsync(model.Name, cancel)).Where(row => row.Version == model.Version).Select(row => row.Alias)
            .ToList();
        var newest = (await models.VersionsAsync(model.Name, cancel)).LastOrDefault()?.Version;
        return ModelVersionResource.From(model, newest == model.Version ? [ModelStore.Latest, .. aliases] : aliases) with
        {
            Thresholds = Thresholds(model),
        };
    }

    private IReadOnlyDictionary<string, double>? Thresholds(LoadedModel model)
    {
        var set = thresholds.Find(model);
        return LabelThresholds.Of(model, set) is { } each
            ? model.Manifest.Classes.Zip(each).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal)
            : set?.Values;
    }
}
