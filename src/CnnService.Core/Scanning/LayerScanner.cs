using System.Text.Json;
using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Models;
using CnnService.Core.Visualization;

namespace CnnService.Core.Scanning;

/// <summary>
/// Runs a layer over the pictures of a data set, forward only, by OnnxRuntime. One scan at a time; equal ones are joined, the last are kept.
/// Problem codes: <c>layer.not-found</c>, <c>scan.no-pictures</c>, and those of reading pictures and weights. Thread safe.
/// </summary>
public sealed class LayerScanner(IFeatureMapReader reader, IPixelCache pixels) : IDisposable
{
    /// <summary>Scans in memory.</summary>
    internal const int Kept = 16;

    private readonly SingleFlight<Outcome<LayerScan>> _flights = new();
    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly Lock _gate = new();
    private readonly List<(string Key, LayerScan Scan)> _recent = []; // Guarded by _gate; the newest last.

    /// <summary>Names what a scan gives, hex.</summary>
    public static Outcome<string> Tag(LoadedModel model, string layer, ScanSource source)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(source);
        return VisualLayers.Find(model, layer).Then<string>(_ => Key(model, layer, source));
    }

    /// <param name="model">The version.</param>
    /// <param name="layer">Of its network.</param>
    /// <param name="source">The pictures.</param>
    /// <param name="cancel">Ends the waiting; the scan ends when nobody waits for it.</param>
    public async Task<Outcome<LayerScan>> ScanAsync(LoadedModel model, string layer, ScanSource source, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(source);
        var found = VisualLayers.Find(model, layer);
        if (found.Problem is { } problem)
        {
            return problem;
        }

        var key = Key(model, layer, source);
        return Recall(key) is { } known ? known : await _flights.RunAsync(key, token => ScanAsync(model, found.Value, source, key, token), cancel).ConfigureAwait(false);
    }

    public void Dispose() => _one.Dispose();

    private static string Key(LoadedModel model, string layer, ScanSource source) =>
        PictureKey.Of("scan", PictureKey.Content(model), model.Name, PictureKey.Text(model.Version), layer, source.Key);

    private async Task<Outcome<LayerScan>> ScanAsync(LoadedModel model, ResolvedLayer layer, ScanSource source, string key, CancellationToken cancel)
    {
        await _one.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            var scan = Recall(key) is { } known ? known : Scan(model, layer, source, cancel);
            if (scan.Succeeded)
            {
                Remember(key, scan.Value);
            }

            return scan;
        }
        finally
        {
            _one.Release();
        }
    }

    private Outcome<LayerScan> Scan(LoadedModel model, ResolvedLayer layer, ScanSource source, CancellationToken cancel)
    {
        var input = model.Network.Spec.Input;
        var split = JsonNamingPolicy.CamelCase.ConvertName(source.Split.ToString());
        if (source.Dataset.Images.All(image => image.Split != source.Split))
        {
            return Problem.Unprocessable("scan.no-pictures", $"The data set '{source.Dataset.Name}' has no {split} pictures.");
        }

        return pixels.Open(source.Folder, source.Dataset, source.Split, input.Height, input.Width, input.Channels, cancel).Then(pictures =>
        {
            using var _ = pictures;
            var count = Math.Min(source.Pictures, pictures.Count);
            var filters = layer.OutputShape.Channels;
            var tally = new FilterTally(filters, count);
            for (var i = 0; i < count; i++)
            {
                cancel.ThrowIfCancellationRequested();
                var place = (int)((long)i * pictures.Count / count); // Evenly: the classes lie one behind the other.
                var maps = reader.Read(model, layer.Name, Picture(pictures, place));
                if (maps.Problem is { } problem)
                {
                    return problem;
                }

                tally.Add(place, maps.Value);
            }

            return KernelLikeness.Add(model, layer, [.. Enumerable.Range(0, filters).Select(tally.Figures)]).Then<LayerScan>(figures => new LayerScan
            {
                Model = model.Name,
                Version = model.Version,
                Layer = layer.Name,
                Dataset = source.Dataset.Name,
                Split = split,
                Pictures = count,
                Filters = figures,
                Strongest = [.. Enumerable.Range(0, filters).Select(tally.Strongest)],
            });
        });
    }

    /// <summary>A copy, in the network's size.</summary>
    internal static PixelBuffer Picture(IPixelSource pictures, int index)
    {
        var picture = new PixelBuffer(pictures.Width, pictures.Height, pictures.Channels);
        pictures.Pixels(index).CopyTo(picture.Data);
        return picture;
    }

    private LayerScan? Recall(string key)
    {
        lock (_gate)
        {
            return _recent.Find(recent => recent.Key == key).Scan;
        }
    }

    private void Remember(string key, LayerScan scan)
    {
        lock (_gate)
        {
            _recent.RemoveAll(recent => recent.Key == key);
            _recent.Add((key, scan));
            if (_recent.Count > Kept)
            {
                _recent.RemoveAt(0);
            }
        }
    }
}
