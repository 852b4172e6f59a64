using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Core.Training.Transfer;
using CnnService.Web.Persistence;

namespace CnnService.Web.Api.Models;

/// <summary>Finds the model that a training request starts from.</summary>
internal static class StartingModel
{
    /// <summary>
    /// Null if the request names none, or names it invalidly, which validation reports elsewhere. Problems: those of the registry and
    /// <c>model.no-layers</c>.
    /// </summary>
    public static async Task<Outcome<LoadedModel>?> FindAsync(ModelRegistry registry, JsonElement? startFrom) =>
        StartFrom.Read(startFrom, new ValidationErrors()) is { } start
            ? (await registry.ResolveAsync(start.Reference())).Bind(model => model.RequireLayers())
            : null;
}
