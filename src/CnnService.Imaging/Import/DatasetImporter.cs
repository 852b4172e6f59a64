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
    private const int Rgb = 3;

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
        using var decoded = new PackWriter(cache.Folder);
        var intake = new ImageIngestor(decoder, images, decoded, import.DecodeSize, new StallWatch(limits.Value.StallLimit, clock));
        var total = import.Origin == DatasetOrigin.Sample ? ShapesSample.Count(import.Source) : 0;
        var tables = new TableCollector();
        var imported = await intake.IngestAsync(tables.Without(sources.Read(import, names)), progress, total, cancel);
        progress.Report(new(imported.Count, imported.Count));
        return ManifestBuilder.Build(import, imported, tables, clock.GetUtcNow()).Map(built =>
        {
            var manifest = built with { DecodeSide = intake.Side };
            DeleteUnusedFiles(images, manifest);
            FillCache(intake.Side, manifest, decoded);
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

    /// <summary>Makes the decoded pixels a pack of the cache; those of a grey data set with one channel.</summary>
    private void FillCache(int side, DatasetManifest manifest, PackWriter decoded)
    {
        var key = new PackKey(manifest.Name, side, side, manifest.Channels);
        cache.MakeRoom((long)manifest.Images.Count * key.BytesPerImage, []);
        if (manifest.Channels == Rgb)
        {
            decoded.Publish(key, cache.Folder);
            return;
        }

        using var grey = new PackWriter(cache.Folder);
        decoded.CopyTo(grey, FirstChannel);
        grey.Publish(key, cache.Folder);
    }

    /// <summary>One of three equal channels.</summary>
    private static byte[] FirstChannel(byte[] rgb)
    {
        var grey = new byte[rgb.Length / Rgb];
        for (var i = 0; i < grey.Length; i++)
        {
            grey[i] = rgb[Rgb * i];
        }

        return grey;
    }
}
