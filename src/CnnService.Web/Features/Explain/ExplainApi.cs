using CnnService.Core.Common;
using CnnService.Core.Drawing.Scenes;
using CnnService.Core.Interpretation.Attribution;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;

namespace CnnService.Web.Features.Explain;

/// <summary>/explain: which parts of an image a prediction is based on.</summary>
internal static class ExplainApi
{
    private const string Description =
        "A heat map over the image: warm colours mark evidence for the class. Class activation maps (`grad-cam` and its variants) have "
        + "the resolution of the layer; `saliency`, `smoothgrad` and `integrated-gradients` that of the image; `score-cam`, `occlusion` "
        + "and `rise` run the network many times. 0 means no evidence; `status` is `empty` without any, and `weak` if "
        + "integrated gradients are inaccurate (`completenessError` above 0.05). "
        + "Models without layers support only `occlusion` and `rise`.";

    public static void MapExplain(this IEndpointRouteBuilder routes)
    {
        var explain = routes.MapGroup("/explain").WithTags("Seeing inside").RequireAuthorization(Scopes.Read).ValidateParameters()
            .AllowHead();
        explain.MapGet("/", GetAsync).WithName("ExplainImage").WithSummary("Explain a prediction for an image of a data set")
            .WithDescription(Description)
            .Produces<ExplanationFigures>(200).ProducesFigureToo().Produces(304).ProducesProblems(400, 404, 409, 422, 503);
        explain.MapPost("/", PostAsync).RequireAuthorization(Scopes.Classify)
            .WithName("ExplainPostedImage").WithSummary("Explain a prediction for a posted image")
            .WithDescription("As `GET /explain`.")
            .Accepts<IFormFile>("multipart/form-data", "image/*").WithForm(("file", FormFieldKind.File))
            .AlsoTakes("The image may also be the whole body, as `image/*`.")
            .AllowBody(limits => limits.ImagesBytes)
            .Produces<ExplanationFigures>(200).ProducesFigureToo().Produces(304).ProducesProblems(400, 404, 413, 415, 422, 503);
    }

    private static async Task<IResult> GetAsync(
        HttpContext http, [AsParameters] ExplainServices services, [AsParameters] ExplainQuery query,
        [AsParameters] FigureQuery figure, string? image)
    {
        var plan = await PlanAsync(http, services, query);
        return await plan
            .BindAsync(_ => NamedFileAsync(services, image, http.RequestAborted))
            .ToIResultAsync(file => AnswerAsync(http, services, query, figure.Style(query.IsSvg), plan.Value, file));
    }

    private static async Task<IResult> PostAsync(
        HttpContext http, [AsParameters] ExplainServices services, [AsParameters] ExplainQuery query,
        [AsParameters] FigureQuery figure)
    {
        var plan = await PlanAsync(http, services, query);
        return await plan
            .BindAsync(_ => RequestImages.ReadOneAsync(http))
            .ToIResultAsync(posted => AnswerAsync(http, services, query, figure.Style(query.IsSvg), plan.Value, posted.File));
    }

    private static Task<Outcome<ExplanationPlan>> PlanAsync(HttpContext http, ExplainServices services, ExplainQuery query) =>
        services.Registry.ResolveAsync(query.Model).BindAsync(model => query.Plan(model, http.Request));

    private static async Task<Outcome<byte[]>> NamedFileAsync(ExplainServices services, string? image, CancellationToken cancel) =>
        image?.Split('/') is [var dataset, var id]
            ? (await DatasetImages.FileAsync(services.Datasets, services.Folders, dataset, id, cancel)).Map(found => found.File)
            : Problem.Invalid("request.invalid",
                $"image must be 'dataset/id', received "
                + $"{(image is null ? "none: post an image, or name one of a data set" : $"'{image}'")}.");

    private static async Task<IResult> AnswerAsync(
        HttpContext http, ExplainServices services, ExplainQuery query, FigureStyle style, ExplanationPlan wanted,
        ReadOnlyMemory<byte> file)
    {
        var plan = services.Pipeline.Place(wanted, file, query.Form, query.Shown, style);
        var tag = ExplanationPipeline.ETag(plan, file, query.Form, query.Shown, style);
        if (CacheableImageResult.NotModified(http, tag) is { } unchanged)
        {
            return unchanged;
        }

        var made = services.Pipeline.Find(plan, file, query.Form, query.Shown, style) is { } known
            ? known
            : await MakeAsync(http, services, query, style, plan, file, tag);
        return made.ToIResult(image => CacheableImageResult.File(http, image, query.MediaType, tag));
    }

    private static Task<Outcome<byte[]>> MakeAsync(
        HttpContext http, ExplainServices services, ExplainQuery query, FigureStyle style, ExplanationPlan plan, ReadOnlyMemory<byte> file,
        string tag)
    {
        return plan.Method.RunsNetworkOften()
            ? services.Renderings.CompleteAsync(http, tag, ExplainAsync)
            : services.Renderings.MomentAsync(http, ExplainAsync);

        Task<Outcome<byte[]>> ExplainAsync(CancellationToken cancel) =>
            services.Pipeline.ExplainAsync(plan, file, query.Form, query.Shown, style, cancel);
    }
}

/// <summary>The services needed for explanations.</summary>
internal sealed record ExplainServices(
    ModelRegistry Registry, ExplanationPipeline Pipeline, DatasetStore Datasets, DataFolders Folders, Renderings Renderings);
