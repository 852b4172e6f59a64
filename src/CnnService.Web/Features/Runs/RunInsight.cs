using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Training;
using CnnService.Core.Training.Advice;
using CnnService.Core.Training.Evaluation;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;

namespace CnnService.Web.Features.Runs;

/// <summary>What is known of a run besides its row: its history and the files of its folder.</summary>
internal static class RunInsight
{
    /// <summary>A run's evaluation and the part asked for. Problem codes: <c>run.not-found</c>, <c>run.no-evaluation</c>,
    /// <c>request.invalid</c>.</summary>
    /// <param name="runs">The rows.</param>
    /// <param name="folders">Where runs lie.</param>
    /// <param name="id">The run.</param>
    /// <param name="split">validation (also null) or test.</param>
    public static async Task<Outcome<EvaluatedRun>> EvaluationAsync(RunStore runs, DataFolders folders, string id, string? split)
    {
        var errors = new ValidationErrors();
        var asked = errors.ReadName(split, "split", Split.Validation, Split.Test) ?? Split.Validation;
        if (errors.Any)
        {
            return Problem.Validation(errors);
        }

        if (await runs.FindAsync(id) is null)
        {
            return RunStore.NotFound(id);
        }

        var whole = RunEvaluation.Read(folders.RunFiles(id));
        return whole is null
                ? Problem.NotFound("run.no-evaluation", $"The run '{id}' has no evaluation: one is made when its training has ended well.")
            : whole.Of(asked) is { } part ? new EvaluatedRun(id, whole, part)
                : Problem.NotFound("run.no-evaluation",
                    $"The data set '{whole.Dataset}' of run '{id}' has no test images: leave split out for those of validation.");
    }

    /// <summary>What to do about a run. Problem code: <c>run.not-found</c>.</summary>
    /// <param name="runs">The rows.</param>
    /// <param name="folders">Where runs and data sets lie.</param>
    /// <param name="id">The run.</param>
    public static async Task<Outcome<IReadOnlyList<RunAdvice>>> AdviceAsync(RunStore runs, DataFolders folders, string id)
    {
        if (await runs.FindAsync(id) is not { } row)
        {
            return RunStore.NotFound(id);
        }

        var plan = JsonSerializer.Deserialize<TrainingPlan>(row.Plan, CoreJson.Options)!;
        var evaluation = RunEvaluation.Read(folders.RunFiles(id));
        return Outcome.Success(TrainingAdvisor.Advise(new()
        {
            Plan = plan,
            History = (await runs.HistoryAsync(id)).ConvertAll(epoch => epoch.Metrics()),
            TrainingImages = evaluation?.TrainingImages ?? Images(plan),
            Evaluation = evaluation?.Validation,
            IsOver = row.Work.State is WorkState.Cancelled or WorkState.Failed,
            Failure = StoredFailure.Read(row.Work.Failure)?.Code,
        }));
    }

    /// <summary>The training images of each class, where the data set is still the one of the plan.</summary>
    private static int[]? Images(TrainingPlan plan) =>
        DatasetFolder.ReadManifest(plan.DatasetFolder) is { Succeeded: true } read && read.Value.Digest == plan.DatasetDigest
        ? read.Value.CountByClass(Split.Train)
        : null;
}

/// <param name="Run">The run's id.</param>
/// <param name="Whole">Its evaluation.</param>
/// <param name="Part">On the part asked for.</param>
internal sealed record EvaluatedRun(string Run, RunEvaluation Whole, SplitEvaluation Part)
{
    /// <summary>What stands above an image of it.</summary>
    public string Title => $"{Whole.Dataset}, epoch {Whole.Epoch.ToString(System.Globalization.CultureInfo.InvariantCulture)}";
}
