using System.Globalization;
using CnnService.Core.Common;
using CnnService.Core.Drawing.Figures;
using CnnService.Core.Drawing.Scenes;
using CnnService.Core.Interpretation.Attribution;
using CnnService.Core.Training.Evaluation;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;

namespace CnnService.Web.Features.Runs;

/// <summary>/runs/{id}/confusion/{true}/{predicted}.png: the images of one cell of the confusion matrix, with explanations.</summary>
internal static class ConfusionCellApi
{
    private const int DefaultCount = 6;

    public static void MapConfusionCell(this IEndpointRouteBuilder runs) =>
        runs.MapGet("/{id}/confusion/{trueClass}/{predicted}.png", GetAsync).WithName("GetConfusionCell").AllowHead()
        .WithSummary("The images of one cell of the confusion matrix, with explanations")
            .WithDescription(
                "Images of the true class that were classified as the predicted one, each beside the heat map for the "
                + "predicted class. `run.no-mistakes` if the cell is empty, "
                + "`run.no-model` if the version was deleted.")
            .ProducesFigure().ValidateParameters().RequireAuthorization(Scopes.Read).ProducesProblems(400, 404, 422, 503);

    private static async Task<IResult> GetAsync(
        HttpContext http, [AsParameters] ConfusionCellServices services, string id, string trueClass, string predicted, string? split,
        string? method, int? count, [AsParameters] PlotQuery plot)
    {
        var maxImages = count ?? DefaultCount;
        if (maxImages is < 1 or > ConfusionCell.MaxMistakes)
        {
            return Problem.Invalid("request.invalid", $"count must be between 1 and {ConfusionCell.MaxMistakes}, received {maxImages}.")
                .ToResult();
        }

        var judged = await RunInsight.EvaluationAsync(services.Runs, services.Folders, id, split, http.RequestAborted);
        var cell = judged.Check(found => found.RequireChoices()).Bind(found => Cell(found, trueClass, predicted, maxImages));
        var request = cell.Map(mistakes => new ExplanationRequest
        {
            Method = method ?? WireName.All<ExplainMethod>()[0],
            Class = mistakes[0].PredictedClass,
        });
        var plan = await request
            .BindAsync(_ => ModelAsync(services, id, http.RequestAborted))
            .BindAsync(model => ExplanationPlan.Create(model, request.Value));
        return await plan
            .BindAsync(explained => services.Renderings.CompleteAsync(
                http, Tag(judged.Value, explained, cell.Value),
                given => TilesAsync(services, judged.Value.Whole.Reference, cell.Value, explained, given)))
            .MapAsync(tiles => Compose(judged.Value, cell.Value, plan.Value, tiles))
            .ToIResultAsync(sheet => FigureResult.File(services.Figures, sheet, plot.Style));
    }

    private static Figure Compose(
        EvaluatedRun judged, IReadOnlyList<Mistake> cell, ExplanationPlan plan, IReadOnlyList<ExplainedTile?> tiles) =>
        ExplainedMistakes.Compose(
            $"{judged.Title}: {cell[0].TrueClass} taken for {cell[0].PredictedClass}",
            $"Left the image, right what speaks for {cell[0].PredictedClass}, by {plan.Method.ToWireName()}.",
            [.. judged.Part.Classes.Select(one => one.Name)], cell, tiles);

    private static Outcome<IReadOnlyList<Mistake>> Cell(EvaluatedRun judged, string trueClass, string predicted, int maxImages)
    {
        string[] classes = [.. judged.Part.Classes.Select(figures => figures.Name)];
        var (truth, said) = (Find(classes, trueClass), Find(classes, predicted));
        if (truth is null || said is null)
        {
            return Problem.NotFound("class.not-found",
                $"The data set of run '{judged.Run}' has no class '{(truth is null ? trueClass : predicted)}'; it has "
                + $"{string.Join(", ", classes.Take(20))}.") with
            {
                Data = new Dictionary<string, object?> { ["classes"] = classes },
            };
        }

        var mistakes = ConfusionCell.Find(judged.Part, truth, said);
        return mistakes.Count > 0
            ? Outcome.Success<IReadOnlyList<Mistake>>([.. mistakes.Take(maxImages)])
            : Problem.NotFound("run.no-mistakes", $"No mistake of run '{judged.Run}' took '{truth}' for '{said}'.");
    }

    /// <summary>Finds a class by name or number; a name takes precedence. Null if there is none.</summary>
    private static string? Find(string[] classes, string name) => classes.Contains(name) ? name
        : int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < classes.Length
            ? classes[number]
            : null;

    /// <summary>The plan's key stands for version, method and class; the file it takes beside them is that of each image.</summary>
    private static string Tag(EvaluatedRun judged, ExplanationPlan plan, IReadOnlyList<Mistake> cell)
    {
        var explained = ExplanationPipeline.ETag(
            plan, ReadOnlyMemory<byte>.Empty, ExplainForm.Figure, ExplainView.Overlay, FigureStyle.Default);
        return $"confusion cell {judged.Run} {explained} {string.Join(' ', cell.Select(mistake => mistake.Image))}";
    }

    private static async Task<Outcome<Core.Models.LoadedModel>> ModelAsync(
        ConfusionCellServices services, string id, CancellationToken cancel) =>
        await services.Runs.FindAsync(id, cancel) is { Version: { } version, Model: var name }
            ? await services.Registry.ResolveAsync(name, version)
            : Problem.NotFound("run.no-model", $"The run '{id}' became no version of a model that its mistakes could be explained with.");

    private static async Task<Outcome<IReadOnlyList<ExplainedTile?>>> TilesAsync(
        ConfusionCellServices services, string dataset, IReadOnlyList<Mistake> mistakes, ExplanationPlan plan, CancellationToken cancel)
    {
        var files = await DatasetImages.FilesAsync(
            services.Datasets, services.Folders, dataset, [.. mistakes.Select(mistake => mistake.Image)], cancel);
        return await OutcomeAsync.AllAsync(files, async file => file is null
            ? Outcome.Success<ExplainedTile?>(null)
            : (await services.Pipeline.TileAsync(plan, file, ExplainedMistakes.Side, cancel)).Map<ExplainedTile?>(tile => tile));
    }
}

/// <summary>The services needed for the images of a cell.</summary>
internal sealed record ConfusionCellServices(
    RunStore Runs, DatasetStore Datasets, DataFolders Folders, ModelRegistry Registry, ExplanationPipeline Pipeline,
    IFigureRenderer Figures, Renderings Renderings);
