using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Datasets.Revisions;
using Parquet;
using Parquet.Schema;

namespace CnnService.Web.Artifacts;

/// <summary>
/// Writes images as the data sets library of Hugging Face does: a column <c>image</c> of bytes and path, a column <c>label</c>, and in the
/// file's metadata, under <c>huggingface</c>, the names of the labels.
/// </summary>
internal static class ImageParquet
{
    /// <summary>Most images, and most bytes, of a row group, which is held in memory until it is written.</summary>
    private const int MaxRows = 1000;

    private const long MaxBytes = 32L << 20;

    private static readonly DataField Bytes = new("bytes", typeof(byte[]), isNullable: true);
    private static readonly DataField FilePath = new("path", typeof(string), isNullable: true);
    private static readonly DataField Label = new("label", typeof(long), isNullable: false);
    private static readonly ParquetSchema Schema = new(new StructField("image", Bytes, FilePath), Label);

    /// <param name="target">Seekable; left open.</param>
    /// <param name="folder">The data set's folder.</param>
    /// <param name="dataset">Gives the names of the labels.</param>
    /// <param name="images">The images of the file, in order.</param>
    /// <param name="cancel">Checked between row groups.</param>
    public static async Task WriteAsync(
        Stream target, string folder, DatasetManifest dataset, IEnumerable<DatasetImage> images, CancellationToken cancel)
    {
        await using var writer = await ParquetWriter.CreateAsync(Schema, target, cancellationToken: cancel);
        writer.CustomMetadata = new Dictionary<string, string> { ["huggingface"] = Features(dataset.Classes) };
        var (rows, bytes) = (new List<DatasetImage>(), 0L);
        foreach (var image in images)
        {
            rows.Add(image);
            bytes += image.Bytes;
            if (rows.Count == MaxRows || bytes >= MaxBytes)
            {
                await WriteGroupAsync(writer, folder, rows, cancel);
                rows.Clear();
                bytes = 0;
            }
        }

        if (rows.Count > 0)
        {
            await WriteGroupAsync(writer, folder, rows, cancel);
        }
    }

    private static async Task WriteGroupAsync(
        ParquetWriter writer, string folder, List<DatasetImage> rows, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        byte[][] files = [.. rows.Select(image => RegularFile.ReadAllBytes(DatasetFolder.ImagePath(folder, image)))];
        string[] paths = [.. rows.Select(ExportNames.FileName)];
        long[] labels = [.. rows.Select(image => (long)image.Label)];
        using var group = writer.CreateRowGroup();
        await group.WriteAsync(Bytes, files);
        await group.WriteAsync(FilePath, paths);
        await group.WriteAsync<long>(Label, labels, cancellationToken: cancel);
        group.CompleteValidate();
    }

    private static string Features(IReadOnlyList<string> classes) => JsonSerializer.Serialize(new
    {
        info = new
        {
            features = new Dictionary<string, object>
            {
                ["image"] = new { _type = "Image" },
                ["label"] = new { names = classes, _type = "ClassLabel" },
            },
        },
    });
}
