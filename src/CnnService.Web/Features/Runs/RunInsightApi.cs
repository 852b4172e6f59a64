using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Drawing.Plots;
using CnnService.Core.Drawing.Png;
using CnnService.Core.Drawing.Sheets;
using CnnService.Core.Training;
using CnnService.Core.Training.Advising;
using CnnService.Core.Training.Evaluating;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CnnService.Web.Features.Runs;

/// <summary>/runs/{id}/…: what went on in a training, and what its network is worth.</summary>
internal static class RunInsightApi
{
    private const string Png = "image/png";

    private const string Zip = "application/zip";

    private const int DefaultMistakes = 16;

    public static void MapInsight(this IEndpointRouteBuilder runs)
    {
        runs.MapGet("/{id}/evaluation", EvaluationAsync).WithName("GetRunEvaluation")
            .WithSummary("Confusion matrix, figures of each class, worst mistakes")
            .WithDescription(
                "Of the exported network, on its validation images (`split=validation`, the default; the training images where there are "
                + "none, and `split` then says so) "
                + "or on its test images (`split=test`), which nothing was chosen by. `run.no-evaluation` "
                + "where the run has not ended well.")
            .RequireAuthorization(Scopes.Read).ProducesProblems(400, 404);
        runs.MapGet("/{id}/confusion.png", ConfusionAsync).WithName("GetRunConfusion").AllowHead()
            .WithSummary("The confusion matrix as an image")
            .WithDescription(
                "Rows are true classes, columns predicted ones; colour is the share of the row. Up to 20 classes the cells hold their "
                + "counts.")
            .Produces(200, contentType: Png).RequireAuthorization(Scopes.Read).ProducesProblems(400, 404);
        runs.MapConfusionCell();
        runs.MapGet("/{id}/mistakes.png", MistakesAsync).WithName("GetRunMistakes").AllowHead()
            .WithSummary("The worst mistakes as an image")
            .WithDescription(
                "The images that the network was surest about and wrong, `count` (1 to 50, default 16) of them: what each is, what it "
                + "was taken for, how probable that seemed.")
            .Produces(200, contentType: Png).RequireAuthorization(Scopes.Read).ProducesProblems(400, 404);
        runs.MapGet("/{id}/advice", AdviceAsync).WithName("GetRunAdvice").WithSummary("What the figures of a run mean, and what to do")
            .WithDescription(
                "Overfitting and since when, a learning rate too high or too low, classes that are unbalanced or never predicted, too "
                + "few images, nothing learned at all; "
                + "each with the figures that speak for it. For runs at work, over or failed.")
            .RequireAuthorization(Scopes.Read).ProducesProblems(404);
        runs.MapGet("/{id}/tensorboard", TensorBoardAsync).WithName("DownloadTensorBoard").AllowHead()
            .WithSummary("The figures of each epoch for TensorBoard, as a zip")
            .WithDescription(
                "Unpack it and run `tensorboard --logdir`: loss, accuracy, learning rate and images a second, the epoch as step and the "
                + "seconds trained as time. `run.no-tensorboard` before the first step.")
            .Produces(200, contentType: Zip).RequireAuthorization(Scopes.Read).ProducesProblems(404);
    }

    private static Task<Results<Ok<EvaluationResource>, ProblemResult>> EvaluationAsync(
        RunStore runs, DataFolders folders, string id, string? split) =>
        RunInsight.EvaluationAsync(runs, folders, id, split)
            .ToResultAsync(judged => TypedResults.Ok(EvaluationResource.From(id, judged.Whole, judged.Part)));

    private static async Task<Results<FileContentHttpResult, ProblemResult>> ConfusionAsync(
        RunStore runs, DataFolders folders, IPngEncoder png, string id, string? split)
    {
        var judged = await RunInsight.EvaluationAsync(runs, folders, id, split);
        var image = judged.Bind(found => found.Part.Confusion.Count > 0
            ? ConfusionPlot.Draw(found.Part, found.Title)
            : (Outcome<PixelBuffer>)Problem.NotFound("run.no-confusion",
                $"A matrix is kept up to {NetworkEvaluation.MaxConfusion} classes; this run has {found.Part.Classes.Count}."));
        return image.ToResult(drawn => TypedResults.File(png.Encode(drawn, []), Png));
    }

    private static async Task<Results<FileContentHttpResult, ProblemResult>> MistakesAsync(
        [AsParameters] MistakeServices parts, string id, string? split, int? count, CancellationToken cancel)
    {
        var most = count ?? DefaultMistakes;
        if (most is < 1 or > NetworkEvaluation.MaxMistakes)
        {
            return Problem.Invalid("request.invalid", $"count must be between 1 and {NetworkEvaluation.MaxMistakes}, received {most}.")
                .ToResult();
        }

        return await RunInsight.EvaluationAsync(parts.Runs, parts.Folders, id, split)
            .CheckAsync(None)
            .ToResultAsync(judged => SheetAsync(parts, judged, most, cancel));
    }

    private static async Task<FileContentHttpResult> SheetAsync(
        MistakeServices parts, EvaluatedRun judged, int count, CancellationToken cancel)
    {
        Mistake[] shown = [.. judged.Part.Mistakes.Take(count)];
        var files = await DatasetImages.FilesAsync(parts.Datasets, parts.Folders, judged.Whole.Dataset,
            [.. shown.Select(mistake => mistake.Image)]);
        var images = await parts.Slots.RunAsync(
            () => files.Select(file => TileImages.Decode(parts.Decoder, file, MistakeSheet.Side)).ToArray(), cancel);
        return TypedResults.File(parts.Png.Encode(MistakeSheet.Compose($"{judged.Title}: worst mistakes", shown, images), []), Png);
    }

    private static Task<Results<Ok<IReadOnlyList<RunAdvice>>, ProblemResult>> AdviceAsync(
        RunStore runs, DataFolders folders, string id) =>
        RunInsight.AdviceAsync(runs, folders, id).ToResultAsync(advice => TypedResults.Ok(advice));

    private static async Task<Results<FileContentHttpResult, ProblemResult>> TensorBoardAsync(RunStore runs, DataFolders folders, string id)
    {
        if (await runs.FindAsync(id) is null)
        {
            return RunStore.NotFound(id).ToResult();
        }

        var folder = Path.Combine(folders.RunFiles(id), RunFolder.TensorBoardFolder);
        return Directory.Exists(folder)
            ? TypedResults.File(await PackedFolder.ZipAsync(folder, id), Zip, $"tensorboard-{id}.zip")
            : Problem.NotFound("run.no-tensorboard", $"The run '{id}' has not begun to train.").ToResult();
    }

    private static Problem? None(EvaluatedRun judged) => judged.Part.Mistakes.Count > 0 ? null
        : Problem.NotFound("run.no-mistakes", $"The network of run '{judged.Run}' answered all {judged.Part.Images} images right.");
}

/// <summary>What a sheet of mistakes needs.</summary>
internal sealed record MistakeServices(
    RunStore Runs, DatasetStore Datasets, DataFolders Folders, IImageDecoder Decoder, DecodeSlots Slots, IPngEncoder Png);
