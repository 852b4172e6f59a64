using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Datasets.Revisions;
using CnnService.Core.Training;
using CnnService.Core.Training.Advice;
using CnnService.Core.Training.Evaluation;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;

namespace CnnService.Web.Features.Runs;

/// <summary>Reads a run's history and the files of its folder.</summary>
internal static class RunInsight
{
    /// <summary>
    /// A run's evaluation and the requested split of it. Problems: <c>run.not-found</c>, <c>run.no-evaluation</c>, <c>request.invalid</c>.
    /// </summary>
    /// <param name="runs">The store of runs.</param>
    /// <param name="folders">The folders of the runs.</param>
    /// <param name="id">The run's id.</param>
    /// <param name="split">validation or test; null: validation.</param>
    /// <param name="cancel">Ends the look-up.</param>
    public static async Task<Outcome<EvaluatedRun>> EvaluationAsync(
        RunStore runs, DataFolders folders, string id, string? split, CancellationToken cancel)
    {
        var errors = new ValidationErrors();
        var asked = errors.ReadName(split, "split", Split.Validation, Split.Test) ?? Split.Validation;
        if (errors.Any)
        {
            return Problem.Validation(errors);
        }

        if (await runs.FindAsync(id, cancel) is not { } row)
        {
            return RunStore.NotFound(id);
        }

        var model = row.Version is { } version ? $"{row.Model}:{version}" : row.Model;
        var whole = RunEvaluation.Read(folders.RunFiles(id));
        return whole is null
                ? Problem.NotFound("run.no-evaluation", $"The run '{id}' has no evaluation: one is made when its training has ended well.")
            : whole.Of(asked) is { } part ? new EvaluatedRun(id, whole, part, model)
                : Problem.NotFound("run.no-evaluation",
                    $"The data set '{whole.Dataset}' of run '{id}' has no test images: leave split out for those of validation.");
    }

    /// <summary>Advice about a run. Problem: <c>run.not-found</c>.</summary>
    /// <param name="runs">The store of runs.</param>
    /// <param name="folders">The folders of the runs and data sets.</param>
    /// <param name="id">The run's id.</param>
    /// <param name="cancel">Ends the look-up.</param>
    public static async Task<Outcome<IReadOnlyList<RunAdvice>>> AdviceAsync(
        RunStore runs, DataFolders folders, string id, CancellationToken cancel)
    {
        if (await runs.FindAsync(id, cancel) is not { } row)
        {
            return RunStore.NotFound(id);
        }

        var plan = JsonSerializer.Deserialize<TrainingPlan>(row.Plan, CoreJson.Options)!;
        var evaluation = RunEvaluation.Read(folders.RunFiles(id));
        var request = JsonSerializer.Deserialize<JsonElement>(row.Request);
        var advice = TrainingAdvisor.Advise(new()
        {
            Plan = plan,
            History = (await runs.HistoryAsync(id, cancel)).ConvertAll(epoch => epoch.Metrics()),
            TrainingImages = evaluation?.TrainingImages ?? Images(plan),
            Evaluation = evaluation?.Validation,
            IsOver = row.Work.State is WorkState.Cancelled or WorkState.Failed,
            Failure = StoredFailure.Read(row.Work.Failure)?.Code,
        });
        return Outcome.Success<IReadOnlyList<RunAdvice>>([.. advice.Select(one => AdvisedRequest.Complete(one, request))]);
    }

    /// <summary>Number of training images per class; null if the data set is no longer the one of the plan.</summary>
    private static int[]? Images(TrainingPlan plan) =>
        DatasetFolder.ReadManifest(plan.DatasetFolder, plan.DatasetRevision) is { Succeeded: true } read
            && read.Value.Digest == plan.DatasetDigest
        ? read.Value.CountByClass(Split.Train)
        : null;
}

/// <param name="Run">The run's id.</param>
/// <param name="Whole">The complete evaluation.</param>
/// <param name="Part">The evaluation on the requested split.</param>
/// <param name="Model">The model that the run trains, with its version if it became one.</param>
internal sealed record EvaluatedRun(string Run, RunEvaluation Whole, SplitEvaluation Part, string Model)
{
    /// <summary>Title of images drawn from it.</summary>
    public string Title => $"{Model}, epoch {Whole.Epoch.ToString(System.Globalization.CultureInfo.InvariantCulture)}";
}
