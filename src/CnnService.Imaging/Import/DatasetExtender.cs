using System.Security.Cryptography;
using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Datasets;

namespace CnnService.Imaging.Import;

/// <inheritdoc cref="IDatasetExtender"/>
internal sealed class DatasetExtender(IImageDecoder decoder, IPixelCache cache) : IDatasetExtender
{
    public Outcome<DatasetAddition> Add(
        string folder, Split split, string className, IReadOnlyList<(string Name, ReadOnlyMemory<byte> File)> images,
        CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(images);
        try
        {
            return DatasetFolder.ReadManifest(folder).Bind(manifest => Add(folder, manifest, split, className, images, cancel));
        }
        catch (IOException failure) when (failure.IsDiskFull())
        {
            return new Problem(ProblemKind.StorageFull, "storage.full", "The disk is full: no image was added.");
        }
    }

    private Outcome<DatasetAddition> Add(
        string folder, DatasetManifest manifest, Split split, string className,
        IReadOnlyList<(string Name, ReadOnlyMemory<byte> File)> images, CancellationToken cancel)
    {
        var ids = manifest.Images.Select(image => image.Id).ToHashSet(StringComparer.Ordinal);
        List<ImportedImage> taken = [];
        List<RejectedFile> rejected = [];
        foreach (var (name, file) in images)
        {
            cancel.ThrowIfCancellationRequested();
            var header = decoder.ReadHeader(file);
            var pixels = header.Bind(_ => decoder.Decode(file, DecodeTarget.Original));
            if (pixels.Problem is { } unreadable)
            {
                rejected.Add(new(name, unreadable.Detail));
                continue;
            }

            var sha = Convert.ToHexStringLower(SHA256.HashData(file.Span));
            var id = NewId(sha, ids);
            DurableFile.Write(Path.Combine(folder, DatasetFolder.ImagesFolder, id), file.ToArray());
            taken.Add(new(manifest.Images.Count + taken.Count, name, id, sha, header.Value, null));
        }

        return taken.Count == 0
            ? Problem.Unprocessable("dataset.no-images",
                $"None of the {images.Count} files is an image that can be read; the first, '{rejected[0].Path}': {rejected[0].Reason}")
            : Write(folder, manifest, [.. ExistingImages(manifest), .. taken.Select(image => (image, split, className))], cancel)
                .Bind<DatasetAddition>(written =>
            {
                var added = taken.Select(image => image.Id).ToHashSet(StringComparer.Ordinal);
                return new DatasetAddition(written, [.. written.Images.Where(image => added.Contains(image.Id))], rejected);
            });
    }

    /// <summary>The id is derived from the content; repeated content gets a counter.</summary>
    private static string NewId(string sha, HashSet<string> taken)
    {
        var id = sha[..20];
        for (var again = 1; !taken.Add(id); again++)
        {
            id = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{sha[..20]}-{again}");
        }

        return id;
    }

    /// <summary>The existing images in the form that an import gives them.</summary>
    private static IEnumerable<(ImportedImage Image, Split Split, string Class)> ExistingImages(DatasetManifest manifest) =>
        manifest.Images.Select((image, number) => (
        new ImportedImage(number, image.Source, image.Id, image.Sha256,
            new ImageHeader(image.MediaType, image.Width, image.Height, manifest.Channels == 1), null),
        image.Split,
        manifest.Classes[image.Label]));

    private Outcome<DatasetManifest> Write(
        string folder, DatasetManifest before, List<(ImportedImage Image, Split Split, string Class)> placed, CancellationToken cancel)
    {
        var bytes = new DirectoryInfo(Path.Combine(folder, DatasetFolder.ImagesFolder)).EnumerateFiles().Sum(file => file.Length);
        var (manifest, _) = ManifestBuilder.Assemble(before.Name, placed, before.Rejected, before.CreatedAt, bytes, before.Layout);
        return Statistics(folder, manifest, cancel).Bind<DatasetManifest>(found =>
        {
            var whole = manifest with { Mean = found.Mean, Std = found.Std, Covariance = found.Covariance };
            DurableFile.Write(Path.Combine(folder, DatasetFolder.ManifestFile),
                JsonSerializer.SerializeToUtf8Bytes(whole, CoreJson.Options));
            return whole;
        });
    }

    /// <summary>Over the training images, at the size that an import decodes them to.</summary>
    private Outcome<(double[] Mean, double[] Std, double[][]? Covariance)> Statistics(
        string folder, DatasetManifest manifest, CancellationToken cancel)
    {
        var first = manifest.Images[0];
        var side = Math.Min(DatasetImport.DefaultDecodeSize, Math.Max(first.Width, first.Height));
        var statistics = new ChannelStatistics(manifest.Channels);
        if (manifest.Images.All(image => image.Split != Split.Train))
        {
            return Outcome.Success(statistics.Result());
        }

        return cache.Open(folder, manifest, Split.Train, side, side, manifest.Channels, cancel).Bind(source =>
        {
            using (source)
            {
                for (var i = 0; i < source.Count; i++)
                {
                    statistics.Add(source.Pixels(i));
                }
            }

            return Outcome.Success(statistics.Result());
        });
    }
}
