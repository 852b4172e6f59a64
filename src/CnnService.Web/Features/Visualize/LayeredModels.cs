using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Web.Persistence;

namespace CnnService.Web.Features.Visualize;

/// <summary>Models that can be looked into.</summary>
internal static class LayeredModels
{
    /// <summary>The model of a name, if its network consists of layers. Problem code besides: <c>model.no-layers</c>.</summary>
    public static Task<Outcome<LoadedModel>> WithLayersAsync(this ModelRegistry registry, string? name) =>
        registry.ResolveAsync(name).BindAsync(model => model.RequireLayers());
}
