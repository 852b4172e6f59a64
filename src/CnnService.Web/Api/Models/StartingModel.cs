using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Core.Training.Transfer;
using CnnService.Web.Persistence;

namespace CnnService.Web.Api.Models;

/// <summary>The model that a request starts from.</summary>
internal static class StartingModel
{
    /// <summary>Null where the request names none, or breaks rules that are told elsewhere. Problem codes: those of the registry, and <c>model.no-layers</c>.</summary>
    public static async Task<Outcome<LoadedModel>?> FindAsync(ModelRegistry registry, JsonElement? startFrom) =>
        StartFrom.Read(startFrom, new ValidationErrors()) is { } start
            ? (await registry.ResolveAsync(start.Reference())).Bind(model => model.RequireLayers())
            : null;
}
