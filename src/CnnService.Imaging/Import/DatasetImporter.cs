using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Datasets.Revisions;
using CnnService.Core.Drawing.Png;
using CnnService.Imaging.Cache;
using CnnService.Imaging.Codec;
using Microsoft.Extensions.Options;

namespace CnnService.Imaging.Import;

/// <inheritdoc cref="IDatasetImporter"/>
internal sealed class DatasetImporter(
    IImageDecoder decoder,
    IPngEncoder png,
    PixelCache cache,
    IOptions<ImagingOptions> imaging,
    IOptions<ImportOptions> limits,
    TimeProvider clock) : IDatasetImporter
{
    private const int Rgb = 3;

    public async Task<Outcome<DatasetManifest>> ImportAsync(
        DatasetImport import, IProgress<ImportProgress> progress, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(import);
        try
        {
            return await EntryNames.Create(import.NameEncoding).BindAsync(names => ImportSourceAsync(import, names, progress, cancel));
        }
        catch (SourceRefusedException refused)
        {
            return refused.Problem;
        }
        catch (SourceStalledException stalled)
        {
            return Problem.Unprocessable("dataset.import-stalled", stalled.Message);
        }
        catch (InvalidDataException damaged)
        {
            return Problem.Unprocessable("dataset.archive-unreadable",
                $"The archive cannot be read as zip, tar or tar.gz: {damaged.Message}");
        }
        catch (EndOfStreamException)
        {
            return Problem.Unprocessable("dataset.archive-unreadable", "The archive ends before its last entry.");
        }
        catch (IOException failure) when (failure.IsDiskFull())
        {
            return new Problem(ProblemKind.StorageFull, "storage.full",
                $"The disk is full: the data set '{import.Name}' was not imported.");
        }
        catch (IOException failure) when (failure.IsDeviceFault())
        {
            return DiskFullErrors.FaultProblem($"the data set '{import.Name}' was not imported.");
        }
    }

    private async Task<Outcome<DatasetManifest>> ImportSourceAsync(
        DatasetImport import, EntryNames names, IProgress<ImportProgress> progress, CancellationToken cancel)
    {
        var images = Directory.CreateDirectory(Path.Combine(import.Folder, DatasetFolder.ImagesFolder)).FullName;
        using var decoded = new PackWriter(cache.Folder);
        var intake = new ImageIngestor(decoder, images, decoded, import.DecodeSize, new StallWatch(limits.Value.StallLimit, clock));
        var total = import.Origin == DatasetOrigin.Sample ? ShapesSample.Count : 0;
        var tables = new TableCollector();
        var imported = await intake.IngestAsync(tables.Without(Files(import, names)), progress, total, cancel);
        progress.Report(new(imported.Count, imported.Count));
        return ManifestBuilder.Build(import, imported, tables.Tables, clock.GetUtcNow()).Map(built =>
        {
            var manifest = built with { DecodeSide = intake.Side };
            DeleteUnusedFiles(images, manifest);
            FillCache(intake.Side, manifest, decoded);
            BulkFlush.Flush(import.Folder);
            return DatasetFolder.Publish(import.Folder, manifest);
        });
    }

    private IEnumerable<SourceFile> Files(DatasetImport import, EntryNames names)
    {
        if (import.Origin == DatasetOrigin.Sample)
        {
            return ShapesSample.Files(png);
        }

        var maxFile = imaging.Value.MaxFileBytes;
        var files = import.Origin == DatasetOrigin.Archive
            ? SourceReader.Archive(import.Source, names, limits.Value, maxFile)
            : SourceReader.Folder(import.Source, limits.Value, maxFile);
        return UnpackIdx(files);
    }

    /// <summary>Passes images on as they come and holds IDX files back until their counterparts are there.</summary>
    private IEnumerable<SourceFile> UnpackIdx(IEnumerable<SourceFile> files)
    {
        var idx = new List<SourceFile>();
        foreach (var file in files)
        {
            if (IdxFiles.IsIdx(file.Path))
            {
                idx.Add(file);
            }
            else
            {
                yield return file;
            }
        }

        foreach (var image in IdxFiles.Unpack(idx, png))
        {
            yield return image;
        }
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
