using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Interpretation.Layers;
using CnnService.Core.Models;
using Microsoft.Extensions.Logging;

namespace CnnService.Core.Interpretation.Scans;

/// <summary>
/// Runs a layer over the images of a data set with OnnxRuntime. One scan runs at a time; concurrent requests for the same scan share it,
/// and the most recent results are cached. Problem codes: <c>layer.not-found</c>, <c>scan.no-images</c>, and those of reading images and
/// weights. Thread safe.
/// </summary>
public sealed class LayerScanner(IFeatureMapReader reader, IPixelCache pixels, ILogger<LayerScanner>? logger = null) : IDisposable
{
    private const long MaxBytes = 32 << 20;

    private readonly CoalescingCache<string, LayerScan> _scans = new(
        new("layer scans") { MaxBytes = MaxBytes, MaxConcurrency = 1 }, scan => scan.Bytes, logger);

    /// <summary>Key of a scan's result, hex.</summary>
    public static Outcome<string> Tag(LoadedModel model, string layer, ScanSource source)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(source);
        return VisualLayers.Find(model, layer).Bind<string>(_ => Key(model, layer, source));
    }

    /// <param name="model">The model version.</param>
    /// <param name="layer">Name of the layer as received.</param>
    /// <param name="source">The images to scan.</param>
    /// <param name="cancel">Ends the wait; the scan stops once nobody waits for it.</param>
    public Task<Outcome<LayerScan>> ScanAsync(LoadedModel model, string layer, ScanSource source, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(source);
        return VisualLayers.Find(model, layer).BindAsync(found => _scans.GetOrComputeAsync(
            Key(model, layer, source), token => Task.FromResult(Scan(model, found, source, token)), cancel));
    }

    /// <summary>The same result if it is cached, else null.</summary>
    public LayerScan? Find(LoadedModel model, string layer, ScanSource source)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(source);
        return _scans.TryGet(Key(model, layer, source), out var known) ? known : null;
    }

    public void Dispose() => _scans.Dispose();

    private static string Key(LoadedModel model, string layer, ScanSource source) =>
        ContentKey.Create("scan", ContentKey.Content(model), model.Name, ContentKey.Text(model.Version), layer, source.Key);

    private Outcome<LayerScan> Scan(LoadedModel model, ResolvedLayer layer, ScanSource source, CancellationToken cancel)
    {
        var filters = layer.OutputShape.Channels;
        FilterStatistics? statistics = null;
        var visited = SplitImages.Visit(pixels, model, source, count => statistics = new(filters, count), Add, cancel);
        return visited.Bind(
            count => KernelSimilarity.Add(model, layer, [.. Enumerable.Range(0, filters).Select(statistics!.Figures)])
                .Bind<LayerScan>(figures => new LayerScan
                {
                    Model = model.Name,
                    Version = model.Version,
                    Layer = layer.Name,
                    Dataset = source.Dataset.Name,
                    Split = source.Split.ToWireName(),
                    Images = count,
                    Filters = figures,
                    Strongest = [.. Enumerable.Range(0, filters).Select(statistics!.Strongest)],
                }));

        Problem? Add(int place, PixelBuffer image)
        {
            var maps = reader.Read(model, FeatureTaps.Activated(model.Network, layer).Name, image);
            if (maps.Succeeded)
            {
                statistics!.Add(place, maps.Value);
            }

            return maps.Problem;
        }
    }
}
