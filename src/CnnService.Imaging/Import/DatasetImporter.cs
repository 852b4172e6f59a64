using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Datasets.Revisions;
using CnnService.Imaging.Cache;
using Microsoft.Extensions.Options;

namespace CnnService.Imaging.Import;

/// <inheritdoc cref="IDatasetImporter"/>
internal sealed class DatasetImporter(
    IImageDecoder decoder,
    SourceFiles sources,
    PixelCache cache,
    IOptions<ImportOptions> limits,
    TimeProvider clock) : IDatasetImporter
{
    public async Task<Outcome<DatasetManifest>> ImportAsync(
        DatasetImport import, IProgress<ImportProgress> progress, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(import);
        return await SourceFailures.CatchAsync($"the data set '{import.Name}' was not imported.", () =>
            EntryNames.Create(import.NameEncoding).BindAsync(names => ImportSourceAsync(import, names, progress, cancel)));
    }

    private async Task<Outcome<DatasetManifest>> ImportSourceAsync(
        DatasetImport import, EntryNames names, IProgress<ImportProgress> progress, CancellationToken cancel)
    {
        var images = Directory.CreateDirectory(Path.Combine(import.Folder, DatasetFolder.ImagesFolder)).FullName;
        using var spool = new PixelSpool(cache.Folder);
        var intake = new ImageIngestor(decoder, images, spool, import.DecodeSize, new StallWatch(limits.Value.StallLimit, clock));
        var total = import.Origin == DatasetOrigin.Sample ? ShapesSample.Count : 0;
        var tables = new TableCollector();
        var imported = await intake.IngestAsync(tables.Without(sources.Read(import, names)), progress, total, cancel);
        progress.Report(new(imported.Count, imported.Count));
        return ManifestBuilder.Build(import, imported, tables.Tables, clock.GetUtcNow()).Map(built =>
        {
            var manifest = built.Manifest with { DecodeSide = intake.Side };
            DeleteUnusedFiles(images, manifest);
            FillCache(intake.Side, manifest, built.Numbers, spool);
            BulkFlush.Flush(import.Folder);
            return DatasetFolder.Publish(import.Folder, manifest);
        });
    }

    private static void DeleteUnusedFiles(string images, DatasetManifest manifest)
    {
        var kept = manifest.Images.Select(image => image.Sha256).ToHashSet(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(images).Where(file => !kept.Contains(Path.GetFileName(file))))
        {
            File.Delete(file);
        }
    }

    /// <summary>Writes the cache of each split from the spool.</summary>
    private void FillCache(int side, DatasetManifest manifest, int[] numbers, PixelSpool spool)
    {
        cache.MakeRoom((long)numbers.Length * side * side * manifest.Channels);
        var pixels = new byte[side * side * 3];
        foreach (var split in manifest.Images.Index().GroupBy(entry => entry.Item.Split))
        {
            var rows = split.ToArray();
            var key = new CacheKey(manifest.Digest, split.Key, side, side, manifest.Channels);
            using var writer = new CacheWriter(cache.Folder, key, rows.Length);
            for (var row = 0; row < rows.Length; row++)
            {
                spool.Read(numbers[rows[row].Index], pixels);
                Copy(pixels, writer.Row(row));
                writer.SetLabel(row, rows[row].Item.Label);
            }

            writer.Publish();
        }
    }

    /// <summary>Copies RGB as it is; for a grey cache, takes one of the three equal channels.</summary>
    private static void Copy(ReadOnlySpan<byte> rgb, Span<byte> target)
    {
        if (target.Length == rgb.Length)
        {
            rgb.CopyTo(target);
            return;
        }

        for (var i = 0; i < target.Length; i++)
        {
            target[i] = rgb[3 * i];
        }
    }
}
