using System.Globalization;
using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Training;
using CnnService.Core.Training.Transfer;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;

namespace CnnService.Web.Work;

/// <summary>
/// Brings what a training needs to its machine, and puts what it makes into the store of artifacts, where there is one: another machine
/// then goes on from the newest checkpoint that is there.
/// </summary>
internal sealed partial class RunArtifacts(
    RunProgressStore progress, DatasetStore datasets, ModelRegistry registry, DataFolders folders, TimeProvider clock,
    ILogger<RunArtifacts> logger)
{
    /// <summary>How often new checkpoints are looked for; a machine that is lost costs so much more work.</summary>
    private static readonly TimeSpan UploadEvery = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Brings the data set, and what former attempts left on other machines; and names the folders of this machine in the plan.
    /// </summary>
    public async Task EnsureAsync(Attempt<RunRow> attempt)
    {
        var run = attempt.Row;
        await folders.EnsureDatasetAsync(run.Dataset, await datasets.FilesOfAsync(run.Dataset, attempt.Lost), attempt.Lost);
        await folders.EnsureRunAsync(run.Id, run.Files, attempt.Lost);
        var plan = JsonSerializer.Deserialize<TrainingPlan>(run.Plan, CoreJson.Options)!;
        run.Plan = JsonSerializer.Serialize(
            plan with
            {
                DatasetFolder = folders.Dataset(run.Dataset),
                FeatureCache = plan.FeatureCache is null ? null : folders.FeatureCache,
                StartFrom = plan.StartFrom is { } start ? await EnsureAsync(start) : null,
            },
            CoreJson.Options);
    }

    /// <summary>The weights where they are here; where the version is gone, the training tells so.</summary>
    private async Task<StartingPoint> EnsureAsync(StartingPoint start) =>
        !File.Exists(start.WeightsFile) && await registry.ResolveAsync(start.Model, start.Version) is { Succeeded: true, Value: var model }
            ? start with { WeightsFile = model.WeightsPath }
            : start;

    /// <summary>Keeps checkpoints as they are made, until the training has ended.</summary>
    public async Task UploadWhileAsync(Attempt<RunRow> attempt, string folder, Task training)
    {
        var kept = string.Empty;
        while (folders.Copies.AreUsed && await Task.WhenAny(training, Task.Delay(UploadEvery, clock, attempt.Lost)) != training
            && !attempt.Lost.IsCancellationRequested)
        {
            var now = Checkpoints(folder);
            if (now.Length > 0 && now != kept && await TryUploadAsync(attempt, folder))
            {
                kept = now;
            }
        }
    }

    /// <summary>Keeps what an attempt left that has not succeeded, for the next one.</summary>
    public Task UploadLeftAsync(Attempt<RunRow> attempt, string folder) =>
        folders.Copies.AreUsed && Checkpoints(folder).Length > 0 ? TryUploadAsync(attempt, folder) : Task.CompletedTask;

    /// <summary>What a run leaves that has succeeded; its row is to name it.</summary>
    public Task<string?> UploadResultAsync(Attempt<RunRow> attempt, string folder) => folders.Copies.UploadAsync(
        folder, Prefix(attempt), before: null, path => IsOfRun(path) && !IsIn(path, RunFolder.CheckpointsFolder), attempt.Lost);

    /// <summary>False where the store did not answer, or a file went meanwhile: it is tried again, and the training goes on.</summary>
    private async Task<bool> TryUploadAsync(Attempt<RunRow> attempt, string folder)
    {
        try
        {
            var before = attempt.Row.Files;
            var files = await folders.Copies.UploadAsync(
                folder, Prefix(attempt), before is not null && FolderCopies.PrefixOf(before) == Prefix(attempt) ? before : null, IsOfRun,
                attempt.Lost);
            if (files == before || !await progress.FilesAsync(attempt.Claim, files!, attempt.Lost))
            {
                return true;
            }

            attempt.Row.Files = files;
            await folders.Copies.DropOthersAsync(files!, ObjectKeys.Run(attempt.Id), attempt.Lost);
            return true;
        }
        catch (Exception passing) when (passing is IUnavailable or FileNotFoundException or DirectoryNotFoundException)
        {
            LogNotUploaded(attempt.Id, passing.Message);
            return false;
        }
    }

    /// <summary>Names and times of the checkpoints; empty where there is none.</summary>
    private static string Checkpoints(string folder)
    {
        var checkpoints = new DirectoryInfo(Path.Combine(folder, RunFolder.CheckpointsFolder));
        return !checkpoints.Exists ? string.Empty : string.Join(' ', checkpoints.GetFiles()
            .Where(file => !file.Name.Contains(DurableFile.TemporaryMark, StringComparison.Ordinal))
            .Select(file => string.Create(CultureInfo.InvariantCulture, $"{file.Name} {file.LastWriteTimeUtc.Ticks}"))
            .Order(StringComparer.Ordinal));
    }

    private static bool IsOfRun(string path) => !IsIn(path, RunFolder.PackageFolder);

    private static bool IsIn(string path, string folder) => path.StartsWith(folder + "/", StringComparison.Ordinal);

    private static string Prefix(Attempt<RunRow> attempt) => ObjectKeys.Run(attempt.Id, attempt.Fence);
}
