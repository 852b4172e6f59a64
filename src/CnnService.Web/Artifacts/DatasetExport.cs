using System.Formats.Tar;
using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Datasets.Revisions;

namespace CnnService.Web.Artifacts;

/// <summary>
/// Writes a revision of a data set to a stream that need not be seekable, image by image: as an archive of folders, or as Parquet.
/// </summary>
/// <param name="folder">The data set's folder.</param>
/// <param name="dataset">The revision.</param>
/// <param name="temporary">Folder for what has to be complete before it can be sent.</param>
internal sealed class DatasetExport(string folder, DatasetManifest dataset, string temporary)
{
    private const int CopyBuffer = 1 << 16;

    /// <summary>Whether the Parquet form is a single file; else it is an archive of several.</summary>
    public bool IsOneFile => Shards().Take(2).Count() == 1;

    /// <summary>
    /// A tar archive: <c>metadata.csv</c> with <c>file_name,label,split</c>, then the files as <c>split/class/id.extension</c>. Where an
    /// image has any number of labels: <c>metadata.jsonl</c> with lists of them, then the files as <c>split/id.extension</c>.
    /// </summary>
    public async Task WriteFoldersAsync(Stream target, CancellationToken cancel)
    {
        var names = new ExportNames(dataset);
        await using var archive = new TarWriter(target, TarEntryFormat.Pax, leaveOpen: true);
        await using (var table = Temporary())
        {
            await WriteTableAsync(table, names, cancel);
            await AddAsync(archive, IsSeveral ? "metadata.jsonl" : "metadata.csv", table, cancel);
        }

        foreach (var image in dataset.Images)
        {
            await using var file = RegularFile.OpenRead(DatasetFolder.ImagePath(folder, image));
            await AddAsync(archive, names.PathOf(image), file, cancel);
        }
    }

    /// <summary>
    /// A Parquet file, or a tar archive of several, one or more a split, as the data sets library of Hugging Face names them.
    /// </summary>
    public async Task WriteParquetAsync(Stream target, CancellationToken cancel)
    {
        if (IsOneFile)
        {
            await using var only = Temporary();
            await ImageParquet.WriteAsync(only, folder, dataset, Shards().Single().Images, cancel);
            only.Position = 0;
            await only.CopyToAsync(target, CopyBuffer, cancel);
            return;
        }

        await using var archive = new TarWriter(target, TarEntryFormat.Pax, leaveOpen: true);
        foreach (var shard in Shards())
        {
            await using var file = Temporary();
            await ImageParquet.WriteAsync(file, folder, dataset, shard.Images, cancel);
            await AddAsync(archive, $"data/{shard.Name}", file, cancel);
        }
    }

    private bool IsSeveral => dataset.Task == DatasetTask.MultiLabel;

    private IEnumerable<ExportShard> Shards() =>
        Enum.GetValues<Split>().SelectMany(split => ExportShard.Divide(split, dataset.Images.Of(split)));

    private async Task WriteTableAsync(FileStream table, ExportNames names, CancellationToken cancel)
    {
        await using var text = new StreamWriter(table, leaveOpen: true) { NewLine = "\n" };
        if (!IsSeveral)
        {
            await text.WriteLineAsync("file_name,label,split");
        }

        foreach (var image in dataset.Images)
        {
            cancel.ThrowIfCancellationRequested();
            var (path, split) = (names.PathOf(image), image.Split.ToWireName());
            await text.WriteLineAsync(IsSeveral
                ? JsonSerializer.Serialize(new { file_name = path, labels = dataset.NamesOf(image.Label), split })
                : $"{Quoted(path)},{Quoted(dataset.Classes[image.Label])},{split}");
        }
    }

    private async Task AddAsync(TarWriter archive, string path, FileStream content, CancellationToken cancel)
    {
        content.Position = 0;
        await archive.WriteEntryAsync(
            new PaxTarEntry(TarEntryType.RegularFile, path) { DataStream = content, ModificationTime = dataset.Revision.At }, cancel);
    }

    private static string Quoted(string text) => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private FileStream Temporary() => new(
        Path.Combine(temporary, Guid.NewGuid().ToString("N")), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, CopyBuffer,
        FileOptions.Asynchronous | FileOptions.DeleteOnClose);
}
