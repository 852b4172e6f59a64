using CnnService.Core.Datasets;
using CnnService.Core.Drawing.Png;
using CnnService.Imaging.Codec;
using Microsoft.Extensions.Options;

namespace CnnService.Imaging.Import;

/// <summary>The files of an import's source, whatever its kind.</summary>
internal sealed class SourceFiles(IPngEncoder png, IOptions<ImagingOptions> imaging, IOptions<ImportOptions> limits)
{
    /// <summary>The files in the order of the source; files that hold many images are unpacked.</summary>
    /// <param name="import">Names the source.</param>
    /// <param name="names">Decodes the names in an archive.</param>
    /// <exception cref="InvalidDataException">The archive cannot be read; thrown during enumeration too.</exception>
    /// <exception cref="SourceRefusedException">It breaks a limit; thrown during enumeration too.</exception>
    public IEnumerable<SourceFile> Read(DatasetImport import, EntryNames names)
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
}
