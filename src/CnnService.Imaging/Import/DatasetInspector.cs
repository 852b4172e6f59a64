using System.Security.Cryptography;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using Microsoft.Extensions.Options;

namespace CnnService.Imaging.Import;

/// <inheritdoc cref="IDatasetInspector"/>
internal sealed class DatasetInspector(IImageDecoder decoder, SourceFiles sources, IOptions<ImportOptions> limits, TimeProvider clock)
    : IDatasetInspector
{
    public async Task<Outcome<DatasetInspection>> InspectAsync(DatasetImport import, CancellationToken cancel) =>
        (await ReadAsync(import, cancel)).Map(DatasetInspection.From);

    public async Task<Outcome<DatasetManifest>> ReadAsync(DatasetImport import, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(import);
        using var late = new CancellationTokenSource(limits.Value.InspectionTimeLimit, clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel, late.Token);
        try
        {
            return await SourceFailures.CatchAsync($"the data set '{import.Name}' was not inspected.", () =>
                EntryNames.Create(import.NameEncoding).BindAsync(names => ReadAsync(import, names, stop)));
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            return Problem.Unprocessable("dataset.inspection-too-slow",
                $"The inspection did not end within {limits.Value.InspectionTimeLimit} "
                + $"({ImportOptions.Section}:{nameof(ImportOptions.InspectionTimeLimit)}). An import has more time.");
        }
    }

    private async Task<Outcome<DatasetManifest>> ReadAsync(DatasetImport import, EntryNames names, CancellationTokenSource stop)
    {
        var tables = new TableCollector();
        var watch = new StallWatch(limits.Value.StallLimit, clock);
        var cancel = stop.Token;
        try
        {
            var images = await watch.FollowAsync(Task.Run(() => Read(tables.Without(sources.Read(import, names)), watch, cancel), cancel));
            return ManifestBuilder.Build(import, images, tables, clock.GetUtcNow());
        }
        catch (SourceStalledException)
        {
            await stop.CancelAsync(); // What is stuck is left behind, and ends where it looks at its token.
            throw;
        }
    }

    private List<ImportedImage> Read(IEnumerable<SourceFile> files, StallWatch watch, CancellationToken cancel)
    {
        var images = new List<ImportedImage>();
        foreach (var file in files)
        {
            cancel.ThrowIfCancellationRequested();
            images.Add(Inspect(images.Count, file));
            watch.Moved(file.Path);
        }

        return images;
    }

    /// <summary>A decoder that fails in a way it does not declare rejects its file only, as in an import.</summary>
    private ImportedImage Inspect(int number, SourceFile file)
    {
        var sha = Convert.ToHexStringLower(SHA256.HashData(file.Content ?? []));
        ImportedImage Refuse(string why) => new(number, file.Path, sha, sha, default, why);
        try
        {
            return file.Content is null
                ? Refuse(file.Refusal!)
                : decoder.ReadHeader(file.Content).Match(
                    header => new ImportedImage(number, file.Path, sha, sha, header, null) { Known = file.Known },
                    unreadable => Refuse(unreadable.Detail));
        }
        catch (Exception failure) when (failure is not (IOException or OutOfMemoryException or UnauthorizedAccessException))
        {
            return Refuse($"the decoder failed on it: {failure.Message}");
        }
    }
}
