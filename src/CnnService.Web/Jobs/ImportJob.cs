using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Web.Hosting;
using CnnService.Web.Persistence;

namespace CnnService.Web.Jobs;

/// <summary>Imports a data set. Begins anew when a former attempt died: an import is cheap, half a one is worthless.</summary>
internal sealed partial class ImportJob(DatasetStore datasets, IDatasetImporter importer, DataFolders folders, ILogger<ImportJob> logger)
{
    private const int MaxAttempts = 3;

    public async Task RunAsync(string name, CancellationToken shutdown)
    {
        if (await datasets.FindAsync(name).ConfigureAwait(false) is not { Status: DatasetStatus.Importing } row)
        {
            return;
        }

        var import = JsonSerializer.Deserialize<DatasetImport>(row.Import, CoreJson.Options)!;
        if (await datasets.BeginAsync(name).ConfigureAwait(false) > MaxAttempts)
        {
            await EndAsync(import, new Problem(ProblemKind.Internal, "dataset.import-crash-loop", $"The import died {MaxAttempts} times.")).ConfigureAwait(false);
            return;
        }

        var folder = folders.Dataset(name);
        if (!DatasetFolder.ReadManifest(folder).Succeeded)
        {
            Clear(folder);
            // Import blocks for as long as it takes; a thread of its own keeps the pool free.
            var outcome = await Task.Factory.StartNew(
                () => importer.Import(import with { Folder = folder }, new RowProgress(datasets, name), shutdown),
                shutdown, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
            if (outcome.Problem is { } problem)
            {
                Clear(folder);
                Directory.Delete(folder);
                await EndAsync(import, problem).ConfigureAwait(false);
                return;
            }
        }

        await EndAsync(import, null).ConfigureAwait(false);
    }

    private async Task EndAsync(DatasetImport import, Problem? problem)
    {
        await (problem is null ? datasets.ReadyAsync(import.Name) : datasets.FailAsync(import.Name, problem)).ConfigureAwait(false);
        LogEnded(import.Name, problem?.Code ?? "ready");
        if (import.Origin == DatasetOrigin.Archive)
        {
            File.Delete(import.Source);
        }
    }

    private static void Clear(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        Directory.CreateDirectory(folder);
    }

    [LoggerMessage(LogLevel.Information, "Data set {Name}: import ended, {Result}")]
    private partial void LogEnded(string name, string result);

    /// <summary>Writes progress to the row from the importer's threads.</summary>
    private sealed class RowProgress(DatasetStore datasets, string name) : IProgress<ImportProgress>
    {
        public void Report(ImportProgress value) => datasets.ProgressAsync(name, value.Done, value.Total).GetAwaiter().GetResult();
    }
}
