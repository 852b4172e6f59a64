using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Datasets.Revisions;
using CnnService.Core.Training;
using CnnService.Core.Training.Advice;
using CnnService.Core.Training.Evaluation;
using CnnService.Core.Training.Runs;
using CnnService.Web.Api.Training;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;
using CnnService.Web.Work;

namespace CnnService.Web.Features.Runs;

/// <summary>
/// Advice about a run, from its figures and what is known of its images: what to change, the request that does so, and what that takes.
/// </summary>
internal sealed class RunAdviser(
    RunStore runs, DatasetStore datasets, ModelRegistry registry, DataFolders folders, HealthReports health, KnownSpeed speed)
{
    /// <summary>At least one piece of advice. Problem: <c>run.not-found</c>.</summary>
    /// <param name="id">The run's id.</param>
    /// <param name="cancel">Ends the look-up.</param>
    public async Task<Outcome<IReadOnlyList<RunAdvice>>> AdviseAsync(string id, CancellationToken cancel)
    {
        if (await runs.FindAsync(id, cancel) is not { } row)
        {
            return RunStore.NotFound(id);
        }

        var plan = JsonSerializer.Deserialize<TrainingPlan>(row.Plan, CoreJson.Options)!;
        await folders.EnsureRunAsync(id, row.Files, cancel);
        await folders.EnsureRevisionsAsync(row.Dataset, await datasets.FilesOfAsync(row.Dataset, cancel), cancel);
        var evaluation = RunEvaluation.Read(folders.RunFiles(id));
        var dataset = Dataset(plan);
        var advice = TrainingAdvisor.Advise(new()
        {
            Plan = plan,
            History = (await runs.HistoryAsync(id, cancel)).ConvertAll(epoch => epoch.Metrics()),
            TrainingImages = evaluation?.TrainingImages ?? dataset?.CountByClass(Split.Train),
            Evaluation = evaluation?.Validation,
            Findings = dataset is null ? [] : health.Known(dataset),
            IsOver = row.Work.State is WorkState.Cancelled or WorkState.Failed,
            Failure = StoredFailure.Read(row.Work.Failure)?.Code,
        });
        var (completed, request) = (new List<RunAdvice>(), JsonSerializer.Deserialize<JsonElement>(row.Request));
        foreach (var one in advice)
        {
            var whole = AdvisedRequest.Complete(one, request);
            completed.Add(whole with { Seconds = await SecondsAsync(whole.Request, dataset, cancel) });
        }

        return Outcome.Success<IReadOnlyList<RunAdvice>>(completed);
    }

    /// <summary>
    /// What the run of a request would take, seconds. Null where there is no request, its images are gone, or this machine has not been
    /// timed: that takes longer than an answer may.
    /// </summary>
    private async Task<double?> SecondsAsync(JsonElement? request, DatasetManifest? dataset, CancellationToken cancel)
    {
        if (request is not { } asked || dataset is null || speed.Find() is not { } known)
        {
            return null;
        }

        var estimate = await RequestEstimate.CreateAsync(asked, dataset, Task.FromResult(known), start =>
            TrainingInputs.SettingAsync(datasets, registry, folders, asked.GetProperty("dataset").GetString(), start, cancel));
        return estimate.Match<double?>(found => Math.Round(found.Run.Seconds, 1), _ => null);
    }

    /// <summary>The images of the plan; null if the data set no longer holds them.</summary>
    private DatasetManifest? Dataset(TrainingPlan plan) =>
        DatasetFolder.ReadManifest(folders.Dataset(plan.Dataset), plan.DatasetRevision) is { Succeeded: true } read
            && read.Value.Digest == plan.DatasetDigest ? read.Value : null;
}
