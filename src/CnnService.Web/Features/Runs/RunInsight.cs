using CnnService.Core.Common;
using CnnService.Core.Datasets;
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
        await folders.EnsureRunAsync(id, row.Files, cancel);
        var whole = RunEvaluation.Read(folders.RunFiles(id));
        return whole is null
                ? Problem.NotFound("run.no-evaluation", $"The run '{id}' has no evaluation: one is made when its training has ended well.")
            : whole.Of(asked) is { } part ? new EvaluatedRun(id, whole, part, model)
                : Problem.NotFound("run.no-evaluation",
                    $"The data set '{whole.Dataset}' of run '{id}' has no test images: leave split out for those of validation.");
    }
}

/// <param name="Run">The run's id.</param>
/// <param name="Whole">The complete evaluation.</param>
/// <param name="Part">The evaluation on the requested split.</param>
/// <param name="Model">The model that the run trains, with its version if it became one.</param>
internal sealed record EvaluatedRun(string Run, RunEvaluation Whole, SplitEvaluation Part, string Model)
{
    /// <summary>Why there is nothing of classes taken for one another: <c>run.multi-label</c>; null where there is.</summary>
    public Problem? RequireChoices() => Part.MultiLabel is null ? null : Problem.Unprocessable("run.multi-label",
        $"The images of '{Whole.Dataset}' have any number of labels, so that no class is taken for another: "
        + $"/runs/{Run}/evaluation has the figures of each.");

    /// <summary>Title of images drawn from it.</summary>
    public string Title => $"{Model}, epoch {Whole.Epoch.ToString(System.Globalization.CultureInfo.InvariantCulture)}";
}
