using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Core.Training;
using CnnService.Web.Artifacts;
using Microsoft.EntityFrameworkCore;

namespace CnnService.Web.Persistence;

/// <summary>
/// Rebuilds the rows of runs from their folders. A run whose version exists has succeeded; any other has failed with
/// <c>run.recovered</c>, and goes on from its last checkpoint when it is resumed.
/// </summary>
internal sealed class RecoveredRuns(DataFolders folders, DirectoryContents contents)
{
    private static readonly Problem Interrupted = new(
        ProblemKind.Internal, "run.recovered",
        "The database was lost while this run had not ended; POST /runs/{id}/resume goes on from its last checkpoint.");

    /// <summary>Adds missing rows and brings older ones up to what their folders hold. Returns how many were added.</summary>
    /// <param name="context">A context with an open transaction, in which the model versions are recovered already.</param>
    /// <param name="cancel">Cancels and rolls back.</param>
    public async Task<int> AddAsync(StoreContext context, CancellationToken cancel)
    {
        var versions = await context.ModelVersions.Where(row => row.RunId != null)
            .ToDictionaryAsync(row => row.RunId!, StringComparer.Ordinal, cancel);
        var known = await context.Runs.ToDictionaryAsync(row => row.Id, StringComparer.Ordinal, cancel);
        var sweeps = await context.Sweeps.Select(row => row.Id).ToHashSetAsync(cancel);
        var added = 0;
        foreach (var id in contents.Runs())
        {
            var folder = folders.RunFiles(id);
            if (known.TryGetValue(id, out var row))
            {
                Advance(row, versions.GetValueOrDefault(id));
            }
            else if (RunFile.Read(id, folder) is { } lost)
            {
                Add(context, lost, folder, versions.GetValueOrDefault(id), sweeps);
                added++;
            }
        }

        await context.SaveChangesAsync(cancel);
        return added;
    }

    /// <summary>
    /// Brings a row of an older backup up to date: later attempts have used its fencing numbers, and it may have succeeded since.
    /// </summary>
    private void Advance(RunRow row, ModelVersionRow? version)
    {
        row.Work.Fence = Math.Max(row.Work.Fence, AttemptFolders.NewestFence(folders.Run(row.Id)));
        if (version is not null && row.Work.State != WorkState.Succeeded)
        {
            Succeed(row, version, version.CreatedAt);
        }
    }

    private void Add(StoreContext context, RunRow row, string folder, ModelVersionRow? version, HashSet<string> sweeps)
    {
        var history = RunHistory.Read(folder);
        row.Work.Fence = AttemptFolders.NewestFence(folders.Run(row.Id));
        row.Work.StartedAt = row.CreatedAt;
        row.SweepId = row.SweepId is { } sweep && sweeps.Contains(sweep) ? sweep : null;
        if (history.Count > 0)
        {
            (row.Epoch, row.Step, row.Steps) = (history[^1].Epoch, 1, 1); // The number of steps is not stored; the epoch is complete.
        }

        if (version is not null || HasPublished(folder))
        {
            Succeed(row, version, version?.CreatedAt ?? File.GetLastWriteTimeUtc(folder));
        }
        else
        {
            (row.Work.State, row.Work.Failure) = (WorkState.Failed, StoredFailure.Json(Interrupted));
            row.Work.FinishedAt = File.GetLastWriteTimeUtc(folder);
        }

        context.Runs.Add(row);
        context.Epochs.AddRange(history.Select(metrics => EpochRow.From(row.Id, metrics)));
        context.RunEvents.AddRange(Events(row, history));
    }

    /// <summary>Whether the run succeeded and its version was deleted since: its checkpoints go when it ends.</summary>
    private static bool HasPublished(string folder) => File.Exists(Path.Combine(folder, RunFolder.EvaluationFile))
        && !Directory.Exists(Path.Combine(folder, RunFolder.CheckpointsFolder))
        && !Directory.Exists(Path.Combine(folder, RunFolder.PackageFolder));

    private void Succeed(RunRow row, ModelVersionRow? version, DateTimeOffset at)
    {
        (row.Version, row.Work.State, row.Work.Failure, row.Work.FinishedAt) = (version?.Version, WorkState.Succeeded, null, at);
        if (version is not null && ModelPackage.Open(folders.ModelVersion(version.Model, version.Version)) is { Succeeded: true } package)
        {
            row.Take(package.Value.Metrics);
        }
    }

    private static IEnumerable<RunEventRow> Events(RunRow row, IReadOnlyList<EpochMetrics> history)
    {
        var events = history.Select(metrics => (RunEvents.EpochKind, JsonSerializer.Serialize(metrics, CoreJson.Options)))
            .Prepend((RunEvents.StateKind, RunEvents.Json(WorkState.Queued)))
            .Append((RunEvents.StateKind, RunEvents.Json(row.Work.State)));
        return events.Select((entry, index) => new RunEventRow
        {
            RunId = row.Id,
            Sequence = index + 1,
            Kind = entry.Item1,
            Data = entry.Item2,
        });
    }
}
