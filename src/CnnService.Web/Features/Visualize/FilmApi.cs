using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Drawing.Png;
using CnnService.Core.Interpretation.Timelapse;
using CnnService.Core.Training;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;

namespace CnnService.Web.Features.Visualize;

/// <summary>/runs/{id}/film: a network as it learns.</summary>
internal static class FilmApi
{
    private const string Png = "image/png";
    private const string MovingPng = "image/apng";

    /// <summary>Here and not among the runs: what it shows are the images of this feature.</summary>
    public static void MapFilm(this IEndpointRouteBuilder routes) => routes.MapGet("/runs/{id}/film", GetAsync)
        .WithTags("Seeing inside").RequireAuthorization(Scopes.Read).ValidateParameters()
        .WithName("GetRunFilm").AllowHead()
        .WithSummary("One filter, class image or feature map at each kept epoch of a run: the network as it learns")
        .WithDescription(
            "From the weights that a run keeps of its epochs (`snapshotMebibytes` of `POST /train`; thinned out evenly where there is no "
            + "room for all), epoch 0 before the first step among them. "
            + "While the run is at work too. All frames begin alike, so that nothing but the weights differs; the same request gives the "
            + "same bytes until there are other snapshots. "
            + "`run.no-snapshots` where none were kept.")
        .Produces<FilmResource>(200).ProducesImage(Png).ProducesImage(MovingPng).WithoutExample("class").Produces<RenderingPending>(202)
        .Produces(304).ProducesProblems(400, 404, 409, 422, 503);

    private static async Task<IResult> GetAsync(
        HttpContext http, [AsParameters] FilmServices parts, [AsParameters] FilmQuery query, string id)
    {
        var source = await SourceAsync(parts, id, query.Most);
        var request = await source.BindAsync(found => RequestAsync(http, parts, query, found));
        var tag = request.Bind(asked => parts.Films.ETag(source.Value, asked))
            .Map(film => $"{film}-{query.Form.ToWireName()}-{query.Pace.TotalMilliseconds}");
        return await tag.ToIResultAsync(key => parts.Renderings.AnswerAsync(
            http,
            new(key, query.Patience, query.Form != FilmFormat.Json),
            cancel => parts.Films.DrawAsync(source.Value, request.Value, cancel),
            film => query.Form switch
            {
                FilmFormat.Json => TypedResults.Ok(FilmResource.From(film)),
                FilmFormat.Apng => CacheableImageResult.File(http, FilmImage.Animation(film, query.Pace, parts.Png), MovingPng, key),
                _ => CacheableImageResult.File(http, FilmImage.Strip(film, parts.Png), Png, key),
            }));
    }

    private static async Task<Outcome<FilmSource>> SourceAsync(FilmServices parts, string id, int frames)
    {
        if (await parts.Runs.FindAsync(id) is not { } row)
        {
            return RunStore.NotFound(id);
        }

        var history = await parts.Runs.HistoryAsync(id);
        return FilmSource.Create(JsonSerializer.Deserialize<TrainingPlan>(row.Plan, CoreJson.Options)!, parts.Folders.RunFiles(id),
            history.ConvertAll(epoch => epoch.Metrics()), frames);
    }

    /// <summary>With the image that the query names, at the network's input size; without one where it names none.</summary>
    private static async Task<Outcome<FilmRequest>> RequestAsync(
        HttpContext http, FilmServices parts, FilmQuery query, FilmSource source) =>
        query.Image is null ? query.Request(null) : (await parts.Images.ReadAsync(http, query.Image, source.First)).Map(query.Request);
}

/// <summary>What a film needs.</summary>
internal sealed record FilmServices(
    RunStore Runs, FilmPipeline Films, IPngEncoder Png, NetworkImages Images, DataFolders Folders, Renderings Renderings);

/// <summary>A film in figures.</summary>
/// <param name="Run">The run.</param>
/// <param name="Subject">What it shows, in words.</param>
/// <param name="Snapshots">Epochs that the run has kept, of which the frames are chosen.</param>
/// <param name="Frames">In the order of the epochs.</param>
internal sealed record FilmResource(string Run, string Subject, int Snapshots, IReadOnlyList<FilmFigures> Frames)
{
    public static FilmResource From(Film film) =>
        new(film.Source.Run, film.Subject, film.Source.Kept, [.. film.Frames.Select(frame => frame.Figures)]);
}
