using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Drawing.Figures;
using CnnService.Core.Interpretation.Timelapse;
using CnnService.Core.Training;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;

namespace CnnService.Web.Features.Visualize;

/// <summary>/runs/{id}/film: a visualization of the network at each epoch of its training.</summary>
internal static class TimelapseApi
{
    private const string MovingPng = "image/apng";

    /// <summary>Mapped here rather than with the runs, because the frames are visualizations.</summary>
    public static void MapTimelapse(this IEndpointRouteBuilder routes) => routes.MapGet("/runs/{id}/film", GetAsync)
        .WithTags("Seeing inside").RequireAuthorization(Scopes.Read).ValidateParameters()
        .WithName("GetRunFilm").AllowHead()
        .WithSummary("A filter, class image or feature map at each stored epoch of a run: the network as it learns")
        .WithDescription(
            "Rendered from the weights that a run stores of its epochs (`snapshotMebibytes` of `POST /train`), including epoch 0 before "
            + "the first step; also while it is training.")
        .Produces<TimelapseResource>(200).ProducesFigureToo().ProducesImage(MovingPng).WithoutExample("class")
        .Produces<RenderingPending>(202).Produces(304).ProducesProblems(400, 404, 409, 422, 503);

    private static async Task<IResult> GetAsync(
        HttpContext http, [AsParameters] TimelapseServices services, [AsParameters] TimelapseQuery query,
        [AsParameters] FigureQuery figure, string id)
    {
        var style = figure.Style(query.Form == TimelapseFormat.Svg);
        var source = await SourceAsync(services, id, query.FrameCount, http.RequestAborted);
        var request = await source.BindAsync(found => RequestAsync(http, services, query, found));
        var plan = request.Bind(asked => TimelapsePlan.Create(source.Value, asked)).Map(services.Timelapses.Place);
        return await plan.ToIResultAsync(wanted => services.Renderings.AnswerAsync(
            http,
            new(style.Tag(Tag(wanted, query)), query.Patience, query.Form != TimelapseFormat.Json),
            () => Renderings.Known(services.Timelapses.Find(wanted)),
            cancel => services.Timelapses.GetOrRenderAsync(wanted, cancel),
            timelapse => query.Form switch
            {
                TimelapseFormat.Json => TypedResults.Ok(TimelapseResource.From(timelapse)),
                TimelapseFormat.Apng => services.Figures
                    .Animate(TimelapseImage.Frames(timelapse, query.Pace), style, TimelapseImage.Text(timelapse))
                    .ToIResult(file => CacheableImageResult.File(http, file, MovingPng, style.Tag(Tag(wanted, query)))),
                _ => FigureResult.File(http, services.Files, TimelapseImage.Strip(timelapse, Tag(wanted, query)), style),
            }));
    }

    private static string Tag(TimelapsePlan plan, TimelapseQuery query) =>
        $"{plan.ETag}-{query.Form.ToWireName()}-{query.Pace.TotalMilliseconds}";

    private static async Task<Outcome<TimelapseSource>> SourceAsync(
        TimelapseServices services, string id, int frames, CancellationToken cancel)
    {
        if (await services.Runs.FindAsync(id, cancel) is not { } row)
        {
            return RunStore.NotFound(id);
        }

        await services.Folders.EnsureRunAsync(id, row.Files, cancel);
        var history = await services.Runs.HistoryAsync(id, cancel);
        return TimelapseSource.Create(JsonSerializer.Deserialize<TrainingPlan>(row.Plan, CoreJson.Options)!, services.Folders.RunFiles(id),
            history.ConvertAll(epoch => epoch.Metrics()), frames);
    }

    /// <summary>
    /// The request with the image that the query names, decoded at the network's input size; without an image if it names none.
    /// </summary>
    private static async Task<Outcome<TimelapseRequest>> RequestAsync(
        HttpContext http, TimelapseServices services, TimelapseQuery query, TimelapseSource source) =>
        query.Image is null ? query.Request(null) : (await services.Images.ReadAsync(http, query.Image, source.First)).Map(query.Request);
}

/// <summary>The services needed for timelapses.</summary>
internal sealed record TimelapseServices(
    RunStore Runs, TimelapsePipeline Timelapses, IFigureRenderer Figures, FigureFiles Files, NetworkImages Images, DataFolders Folders,
    Renderings Renderings);

/// <summary>The values of a timelapse.</summary>
/// <param name="Run">The run's id.</param>
/// <param name="Subject">Description of what is shown.</param>
/// <param name="Snapshots">Number of epochs with stored weights, which the frames are selected from.</param>
/// <param name="Frames">In the order of the epochs.</param>
internal sealed record TimelapseResource(string Run, string Subject, int Snapshots, IReadOnlyList<TimelapseFigures> Frames)
{
    public static TimelapseResource From(RenderedTimelapse timelapse) =>
        new(timelapse.Source.Run, timelapse.Subject, timelapse.Source.SnapshotCount, [.. timelapse.Frames.Select(frame => frame.Figures)]);
}
