using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Interpretation.Layers;
using Microsoft.Extensions.Logging;

namespace CnnService.Core.Interpretation.Scans;

/// <summary>
/// Runs a layer over the images of a data set with OnnxRuntime. One scan runs at a time; concurrent requests for the same scan share it,
/// and the most recent results are cached. Problem codes: <c>scan.no-images</c>, and those of reading images and weights. Thread safe.
/// </summary>
public sealed class LayerScanner(IFeatureMapReader reader, IPixelCache pixels, ILogger<LayerScanner>? logger = null) : IDisposable
{
    private const long MaxBytes = 32 << 20;

    private readonly CoalescingCache<string, LayerScan> _scans = new(
        new("layer scans") { MaxBytes = MaxBytes, MaxConcurrency = 1 }, scan => scan.Bytes, logger);

    /// <param name="plan">The layer and the images.</param>
    /// <param name="cancel">Ends the wait; the scan stops once nobody waits for it.</param>
    public Task<Outcome<LayerScan>> ScanAsync(ScanPlan plan, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return _scans.GetOrComputeAsync(plan.Key, token => Task.FromResult(Scan(plan, token)), cancel);
    }

    /// <summary>The same result if it is cached, else null.</summary>
    public LayerScan? Find(ScanPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return _scans.TryGet(plan.Key, out var known) ? known : null;
    }

    public void Dispose() => _scans.Dispose();

    private Outcome<LayerScan> Scan(ScanPlan plan, CancellationToken cancel)
    {
        var (model, layer, source) = (plan.Model, plan.Layer, plan.Source);
        var (filters, tap) = (layer.OutputShape.Channels, FeatureTaps.Activated(model.Network, layer));
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
            var maps = reader.Read(model, tap, image);
            if (maps.Succeeded)
            {
                statistics!.Add(place, maps.Value);
            }

            return maps.Problem;
        }
    }
}
