using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;
using Microsoft.Extensions.Options;

namespace CnnService.Web.Work;

/// <summary>Imports a data set. Begins anew when a former attempt died: an import is cheap, half a one is worthless.</summary>
internal sealed partial class ImportJob(
    DatasetStore datasets, IDatasetImporter importer, DataFolders folders, IOptions<TrainingOptions> options, TimeProvider clock, ILogger<ImportJob> logger)
{
    public const int MaxTries = 3;

    public async Task RunAsync(string name, CancellationToken shutdown)
    {
        var lease = options.Value.Lease;
        if (await datasets.ClaimAsync(name, WorkerId.Mine, lease) is not { } claim)
        {
            return;
        }

        using var keeper = new LeaseKeeper(claim.RenewAsync, lease, clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(shutdown, keeper.Lost);
        try
        {
            await EndAsync(claim, claim.Tries > MaxTries ? CrashLoop : await ImportAsync(claim, stop.Token));
        }
        catch (OperationCanceledException) when (keeper.Lost.IsCancellationRequested)
        {
            LogLost(keeper.Fault, name);
        }
        catch (OperationCanceledException) when (shutdown.IsCancellationRequested)
        {
            await claim.ReleaseAsync();
        }
    }

    private static Problem CrashLoop { get; } =
        new(ProblemKind.Internal, "dataset.import-crash-loop", $"The import died {MaxTries} times.");

    /// <summary>Null where the data set is complete.</summary>
    private async Task<Problem?> ImportAsync(ImportClaim claim, CancellationToken stop)
    {
        var folder = folders.Dataset(claim.Import.Name);
        if (DatasetFolder.ReadManifest(folder).Succeeded)
        {
            return null; // A former attempt came to its end, but not to the row.
        }

        Clear(folder);
        Directory.CreateDirectory(folder);
        // Import blocks for as long as it takes; a thread of its own keeps the pool free.
        var outcome = await Task.Factory.StartNew(
            () => importer.Import(claim.Import with { Folder = folder }, new RowProgress(claim), stop),
            stop, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        if (!outcome.Succeeded)
        {
            Clear(folder);
        }

        return outcome.Problem;
    }

    private async Task EndAsync(ImportClaim claim, Problem? problem)
    {
        if (!await (problem is null ? claim.ReadyAsync() : claim.FailAsync(problem)))
        {
            return; // Another worker has it, and its source.
        }

        LogEnded(claim.Import.Name, problem?.Code ?? "ready");
        if (claim.Import.Origin == DatasetOrigin.Archive)
        {
            File.Delete(claim.Import.Source);
        }
    }

    private static void Clear(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [LoggerMessage(LogLevel.Information, "Data set {Name}: import ended, {Result}")]
    private partial void LogEnded(string name, string result);

    [LoggerMessage(LogLevel.Warning, "Data set {Name}: lease lost, this import stops")]
    private partial void LogLost(Exception? fault, string name);

    /// <summary>Writes progress to the row from the importer's threads.</summary>
    private sealed class RowProgress(ImportClaim claim) : IProgress<ImportProgress>
    {
        public void Report(ImportProgress value) => claim.ProgressAsync(value).GetAwaiter().GetResult();
    }
}
