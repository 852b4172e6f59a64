using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Datasets.Revisions;
using CnnService.Imaging.Import;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;
using Microsoft.Extensions.Options;

namespace CnnService.Web.Work;

/// <summary>Imports a data set. A new attempt starts from the beginning: imports are cheap, and partial results are of no use.</summary>
internal sealed partial class ImportWork(
    LeaseStore<DatasetRow> leases, DatasetStore datasets, IDatasetImporter importer, DataFolders folders, IOptions<ImportOptions> limits,
    TimeProvider clock, ILogger<ImportWork> logger)
    : IWorkKind<DatasetRow>
{
    public static string Queue => WorkQueue.Background;

    public static string IdName => "DatasetId";

    public int MaxTries => 3;

    public int MaxTriesWithoutProgress => int.MaxValue;

    public Problem CrashLoop(CrashedAttempts crashed) =>
        new(ProblemKind.Internal, "dataset.import-crash-loop",
            $"The import ended unexpectedly {crashed.Total} times and is not tried again.{crashed.Told}");

    public async Task<AttemptResult> ExecuteAsync(Attempt<DatasetRow> attempt)
    {
        var target = folders.Dataset(attempt.Id);
        if (!folders.Copies.AreUsed && DatasetFolder.ReadManifest(target).Succeeded)
        {
            return new AttemptResult.Done((_, _) => Task.CompletedTask); // A former attempt published it but could not update the row.
        }

        var attempts = new AttemptFolders(folders.Import(attempt.Id));
        var folder = attempts.Begin(attempt.Fence);
        foreach (var former in attempts.Before(attempt.Fence))
        {
            Directory.Delete(former, recursive: true);
        }

        var import = JsonSerializer.Deserialize<DatasetImport>(attempt.Row.Import, CoreJson.Options)! with { Folder = folder };
        if (import.Origin == DatasetOrigin.Archive)
        {
            import = import with { Source = folders.Absolute(import.Source) };
            await folders.Copies.EnsureFileAsync(import.Source, attempt.Lost);
        }

        var problem = await ImportInTimeAsync(attempt, import);
        var files = problem is not null ? null
            : await folders.Copies.UploadAsync(folder, ObjectKeys.NewDataset(attempt.Id), before: null, isPart: null, attempt.Lost);
        return AttemptResult.From(problem, (context, cancel) => PublishAsync(context, attempt.Id, folder, files, cancel));
    }

    public async Task CleanUpAsync(string id, WorkState? ended, CancellationToken cancel)
    {
        if (Directory.Exists(folders.Import(id)))
        {
            Directory.Delete(folders.Import(id), recursive: true);
        }

        if (await datasets.FindAsync(id, cancel) is { } row
            && JsonSerializer.Deserialize<DatasetImport>(row.Import, CoreJson.Options)! is { Origin: DatasetOrigin.Archive } import)
        {
            File.Delete(folders.Absolute(import.Source));
            await folders.Copies.DeleteFileAsync(folders.Absolute(import.Source), cancel);
        }
    }

    private async Task PublishAsync(StoreContext context, string id, string folder, string? files, CancellationToken cancel)
    {
        var target = folders.Dataset(id);
        if (files is not null)
        {
            await DatasetStore.SetFilesAsync(context, id, files, cancel);
            if (Directory.Exists(folder) && Directory.Exists(target))
            {
                Directory.Delete(target, recursive: true); // Left of another data set of this name.
            }
        }

        Publish(folder, target);
        folders.Copies.Adopt(target, files);
    }

    private async Task<Problem?> ImportInTimeAsync(Attempt<DatasetRow> attempt, DatasetImport import)
    {
        using var limit = new CancellationTokenSource(limits.Value.TimeLimit, clock);
        try
        {
            return await attempt.RunAsync(cancel => ImportAsync(attempt, import, cancel), limit.Token);
        }
        catch (OperationCanceledException) when (
            limit.IsCancellationRequested && !attempt.Stop.IsCancellationRequested && !attempt.Lost.IsCancellationRequested)
        {
            return Problem.Unprocessable(
                "dataset.import-too-slow",
                $"The import did not end within {limits.Value.TimeLimit} ({ImportOptions.Section}:{nameof(ImportOptions.TimeLimit)}).");
        }
    }

    private async Task<Problem?> ImportAsync(Attempt<DatasetRow> attempt, DatasetImport import, CancellationToken cancel)
    {
        var progress = new ProgressReport<ImportProgress>(
            attempt.Gate, value => leases.ProgressAsync(attempt.Claim, value.Done, value.Total, attempt.Lost), clock, cancel);
        try
        {
            return (await importer.ImportAsync(import, progress, cancel)).Problem;
        }
        catch (Exception failure) when (!MayPass(failure))
        {
            LogFailed(failure, attempt.Id);
            return new(ProblemKind.Internal, "dataset.import-failed",
                $"The import failed on its source, and would again: {failure.GetType().Name}: {failure.Message}");
        }
    }

    /// <summary>
    /// Whether the next attempt may succeed: trouble with files, memory, the database or another process, and cancellation. Anything else
    /// comes from the source's content, which is the same at each attempt.
    /// </summary>
    private static bool MayPass(Exception failure) => failure
        is OperationCanceledException or IOException or UnauthorizedAccessException or OutOfMemoryException or StoreUnavailableException
        or System.Data.Common.DbException;

    /// <summary>
    /// Publishes the folder by one rename; does nothing if a former attempt has done so and could only not update the row.
    /// </summary>
    private static void Publish(string folder, string target)
    {
        if (DatasetFolder.ReadManifest(target).Succeeded)
        {
            return;
        }

        if (Directory.Exists(target))
        {
            Directory.Delete(target, recursive: true);
        }

        DurableFile.PublishFolder(folder, target);
    }
}
