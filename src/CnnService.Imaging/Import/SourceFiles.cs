using CnnService.Core.Datasets;
using CnnService.Core.Drawing.Png;
using CnnService.Imaging.Cache;
using CnnService.Imaging.Codec;
using Microsoft.Extensions.Options;

namespace CnnService.Imaging.Import;

/// <summary>The files of an import's source, whatever its kind.</summary>
internal sealed class SourceFiles(IPngEncoder png, PixelCache cache, IOptions<ImagingOptions> imaging, IOptions<ImportOptions> limits)
{
    /// <summary>
    /// The files in the order of the source; files that hold many images are unpacked, unless the sender says that the labels are
    /// elsewhere.
    /// </summary>
    /// <param name="import">Names the source.</param>
    /// <param name="names">Decodes the names in an archive.</param>
    /// <exception cref="InvalidDataException">The archive cannot be read; thrown during enumeration too.</exception>
    /// <exception cref="SourceRefusedException">It breaks a limit; thrown during enumeration too.</exception>
    public IEnumerable<SourceFile> Read(DatasetImport import, EntryNames names)
    {
        if (import.Origin == DatasetOrigin.Sample)
        {
            return ShapesSample.Files(import.Source, png);
        }

        var isArchive = import.Origin == DatasetOrigin.Archive;
        var guard = new SourceLimits(
            limits.Value, imaging.Value.MaxFileBytes, isArchive ? new FileInfo(import.Source).Length : long.MaxValue, cache.Folder);
        var files = isArchive ? SourceReader.Archive(import.Source, names, guard) : SourceReader.Folder(import.Source, guard);
        return Unpack(files, guard, import.Layout.Kind);
    }

    /// <summary>
    /// Passes images on as they come, unpacks Parquet files as they come, and holds other files of many images back until their
    /// counterparts are there.
    /// </summary>
    private IEnumerable<SourceFile> Unpack(IEnumerable<SourceFile> files, SourceLimits guard, LayoutKind? kind)
    {
        bool Wants(LayoutKind one) => kind is null || kind == one;

        var idx = new List<SourceFile>();
        using var cifar = new CifarFiles(png);
        foreach (var file in files)
        {
            if (file.IsFolder)
            {
                yield return file;
            }
            else if (Wants(LayoutKind.Parquet) && ParquetImages.IsParquet(file.Path) && file.Stream is { } parquet)
            {
                foreach (var image in ParquetImages.Read(file.Path, parquet, imaging.Value.MaxFileBytes, guard.CountUnpacked))
                {
                    guard.CountEntry(); // A run of nulls in a few bytes may stand for any number of rows.
                    yield return image;
                }
            }
            else if (Wants(LayoutKind.Cifar) && cifar.Take(file))
            {
                continue;
            }
            else if (Wants(LayoutKind.Idx) && IdxFiles.IsIdx(file.Path))
            {
                idx.Add(file);
            }
            else
            {
                yield return Image(file);
            }
        }

        foreach (var image in IdxFiles.Unpack(idx, png).Concat(cifar.Unpack()))
        {
            yield return image;
        }
    }

    /// <summary>A large file that nobody unpacks is none that an image may be.</summary>
    private static SourceFile Image(SourceFile file)
    {
        file.Stream?.Dispose();
        return file.Stream is null ? file : new(file.Path, null, "it is no image");
    }
}
