using System.Globalization;
using CnnService.Client;
using CnnService.Studio.Parts.Models;

namespace CnnService.Studio.Pages.Look;

/// <summary>A network that is looked at.</summary>
/// <param name="Visible">The layers that have something to see.</param>
/// <param name="Summary">All its layers, with their shapes.</param>
/// <param name="Run">The run that made it, if its epochs can be seen; else null.</param>
internal sealed record LookedAt(IReadOnlyList<VisualLayerLink> Visible, IReadOnlyList<LayerSummary> Summary, string? Run)
{
    /// <summary>Asks for all at once; of a network that comes with the service nothing tells how its layers are joined.</summary>
    public static async Task<LookedAt> ReadAsync(CnnServiceClient client, ModelChoice model, CancellationToken cancel)
    {
        var visible = client.ListVisualLayersAsync(model.Name, cancel);
        var run = HasFilmAsync(client, model, cancel);
        if (model.Version is not { } version)
        {
            var layers = (await visible).Layers;
            return new(layers, InARow(layers), null);
        }

        var summary = await client.GetModelSummaryAsync(
            name: version.Model, version: version.Version.ToString(CultureInfo.InvariantCulture), cancellationToken: cancel);
        return new((await visible).Layers, summary.Layers, await run);
    }

    /// <summary>A run that left its layers as they were has no film of them.</summary>
    private static async Task<string?> HasFilmAsync(CnnServiceClient client, ModelChoice model, CancellationToken cancel)
    {
        if (model.Version?.Origin?.RunId is not { } id)
        {
            return null;
        }

        try
        {
            var film = await client.GetRunFilmAsync(
                id: id, @class: "0", format: TimelapseFormat.Json, frames: 2, wait: 0, cancellationToken: cancel);
            return film.Snapshots > 1 ? id : null;
        }
        catch (CnnServiceException none)
        {
            return none.StatusCode == 202 ? id : null; // It has been deleted, or has kept no epochs.
        }
    }

    private static IReadOnlyList<LayerSummary> InARow(IReadOnlyList<VisualLayerLink> layers) =>
    [
        .. layers.Select((layer, index) => new LayerSummary
        {
            Name = layer.Name,
            Type = layer.Type,
            Inputs = [index == 0 ? "input" : layers.ElementAt(index - 1).Name],
            OutputShape = [layer.Filters, .. layer.MapSize],
            Parameters = 0,
            MultiplyAdds = 0,
        }),
    ];
}
