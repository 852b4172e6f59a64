using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Web.Persistence;

namespace CnnService.Web.Features.Visualize;

/// <summary>Finds models whose layers are known.</summary>
internal static class LayeredModels
{
    /// <summary>
    /// Resolves a reference to a model whose layers are known. Problems: those of the registry, and <c>model.no-layers</c>.
    /// </summary>
    public static Task<Outcome<LoadedModel>> WithLayersAsync(this ModelRegistry registry, string? name) =>
        registry.ResolveAsync(name).BindAsync(model => model.RequireLayers());
}
