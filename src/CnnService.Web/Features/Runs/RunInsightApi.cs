using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Drawing.Plots;
using CnnService.Core.Drawing.Scenes;
using CnnService.Core.Drawing.Figures;
using CnnService.Core.Drawing.Sheets;
using CnnService.Core.Training;
using CnnService.Core.Training.Advice;
using CnnService.Core.Training.Evaluation;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CnnService.Web.Features.Runs;

/// <summary>/runs/{id}/…: diagnostics of a training and the quality of its network.</summary>
internal static class RunInsightApi
{
    private const string Zip = "application/zip";

    private const int DefaultMistakes = 16;

    public static void MapInsight(this IEndpointRouteBuilder runs)
    {
        runs.MapGet("/{id}/evaluation", EvaluationAsync).WithName("GetRunEvaluation")
            .WithSummary("Confusion matrix, metrics per class, and the most confident mistakes")
            .WithDescription(
                "The exported network evaluated on the validation images (`split=validation`, the default; if there are none, on the "
                + "training images, and `split` in the response says so) or on the test images (`split=test`), which no choice was based "
                + "on.")
            .RequireAuthorization(Scopes.Read).ProducesProblems(400, 404);
        runs.MapGet("/{id}/confusion.png", ConfusionAsync).WithName("GetRunConfusion").AllowHead()
            .WithSummary("The confusion matrix as an image")
            .WithDescription(
                "Rows are true classes, columns predicted ones; colours show the share of the row.")
            .ProducesFigure().ValidateParameters().RequireAuthorization(Scopes.Read).ProducesProblems(400, 404, 422);
        runs.MapConfusionCell();
        runs.MapGet("/{id}/mistakes.png", MistakesAsync).WithName("GetRunMistakes").AllowHead()
            .WithSummary("The most confident mistakes as an image")
            .WithDescription(
                "The wrong predictions with the highest probability, `count` (1 to 50, default 16) of them, each with its true class, "
                + "predicted class and probability.")
            .ProducesFigure().ValidateParameters().RequireAuthorization(Scopes.Read).ProducesProblems(400, 404, 422);
        runs.MapGet("/{id}/advice", AdviceAsync).WithName("GetRunAdvice").WithSummary("Advice based on the metrics of a run")
            .WithDescription(
                "Overfitting and when it began, a learning rate too high or too low, classes that are unbalanced or never predicted, "
                + "too few images, or no learning at all. For running, finished and failed runs.")
            .RequireAuthorization(Scopes.Read).ProducesProblems(404);
        runs.MapGet("/{id}/tensorboard", TensorBoardAsync).WithName("DownloadTensorBoard").AllowHead()
            .WithSummary("The metrics of each epoch for TensorBoard, as a zip")
            .WithDescription(
                "Extract it and run `tensorboard --logdir`: loss, accuracy, learning rate and images per second, with the epoch as step "
                + "and the training time in seconds as time.")
            .Produces(200, contentType: Zip).RequireAuthorization(Scopes.Read).ProducesProblems(404);
    }

    private static Task<Results<Ok<EvaluationResource>, ProblemResult>> EvaluationAsync(
        RunStore runs, DataFolders folders, string id, string? split, CancellationToken cancel) =>
        RunInsight.EvaluationAsync(runs, folders, id, split, cancel)
            .ToResultAsync(judged => TypedResults.Ok(EvaluationResource.From(id, judged.Whole, judged.Part)));

    private static async Task<IResult> ConfusionAsync(
        RunStore runs, DataFolders folders, IFigureRenderer figures, string id, string? split, [AsParameters] PlotQuery plot,
        CancellationToken cancel)
    {
        var judged = await RunInsight.EvaluationAsync(runs, folders, id, split, cancel);
        var image = judged.Check(found => found.RequireChoices()).Bind(found => found.Part.Confusion.Count > 0
            ? ConfusionPlot.Create(found.Part, found.Title)
            : (Outcome<Figure>)Problem.NotFound("run.no-confusion",
                $"A matrix is kept up to {NetworkEvaluation.MaxConfusion} classes; this run has {found.Part.Classes.Count}."));
        return image.ToIResult(drawn => FigureResult.File(figures, drawn, plot.Style));
    }

    private static async Task<IResult> MistakesAsync(
        [AsParameters] MistakeServices services, string id, string? split, int? count, [AsParameters] PlotQuery plot,
        CancellationToken cancel)
    {
        var maxMistakes = count ?? DefaultMistakes;
        if (maxMistakes is < 1 or > NetworkEvaluation.MaxMistakes)
        {
            return Problem.Invalid("request.invalid",
                $"count must be between 1 and {NetworkEvaluation.MaxMistakes}, received {maxMistakes}.").ToResult();
        }

        return await RunInsight.EvaluationAsync(services.Runs, services.Folders, id, split, cancel)
            .CheckAsync(found => found.RequireChoices() ?? None(found))
            .ToIResultAsync(judged => SheetAsync(services, judged, maxMistakes, plot.Style, cancel));
    }

    private static async Task<IResult> SheetAsync(
        MistakeServices services, EvaluatedRun judged, int count, FigureStyle style, CancellationToken cancel)
    {
        Mistake[] shown = [.. judged.Part.Mistakes.Take(count)];
        var files = await DatasetImages.FilesAsync(services.Datasets, services.Folders, judged.Whole.Reference,
            [.. shown.Select(mistake => mistake.Image)], cancel);
        var images = await services.Slots.RunAsync(
            () => files.Select(file => TileImages.Decode(services.Decoder, file, MistakeSheet.Side)).ToArray(), cancel);
        var wrong = (int)Math.Round(judged.Part.Images * (1 - judged.Part.Accuracy));
        return FigureResult.File(
            services.Figures,
            MistakeSheet.Create(
                $"{judged.Title}: the surest mistakes",
                $"{shown.Length} of {wrong} mistakes on {judged.Part.Images} {judged.Part.Split.ToWireName()} images, the surest first.",
                [.. judged.Part.Classes.Select(one => one.Name)], shown, images),
            style);
    }

    private static Task<Results<Ok<IReadOnlyList<RunAdvice>>, ProblemResult>> AdviceAsync(
        RunAdviser adviser, string id, CancellationToken cancel) =>
        adviser.AdviseAsync(id, cancel).ToResultAsync(advice => TypedResults.Ok(advice));

    private static async Task<Results<FileContentHttpResult, ProblemResult>> TensorBoardAsync(
        RunStore runs, DataFolders folders, string id, CancellationToken cancel)
    {
        if (await runs.FindAsync(id, cancel) is not { } row)
        {
            return RunStore.NotFound(id).ToResult();
        }

        await folders.EnsureRunAsync(id, row.Files, cancel);
        var folder = Path.Combine(folders.RunFiles(id), RunFolder.TensorBoardFolder);
        return Directory.Exists(folder)
            ? TypedResults.File(await PackedFolder.ZipAsync(folder, id), Zip, $"tensorboard-{id}.zip")
            : Problem.NotFound("run.no-tensorboard", $"The run '{id}' has not begun to train.").ToResult();
    }

    private static Problem? None(EvaluatedRun judged) => judged.Part.Mistakes.Count > 0 ? null
        : Problem.NotFound("run.no-mistakes", $"The network of run '{judged.Run}' answered all {judged.Part.Images} images right.");
}

/// <summary>The services needed for the images of mistakes.</summary>
internal sealed record MistakeServices(
    RunStore Runs, DatasetStore Datasets, DataFolders Folders, IImageDecoder Decoder, DecodeSlots Slots, IFigureRenderer Figures);
