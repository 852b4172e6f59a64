using CnnService.Core.Common;
using CnnService.Core.Interpretation.Attribution;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;

namespace CnnService.Web.Features.Explain;

/// <summary>/explain: which part of an image an answer rests on.</summary>
internal static class ExplainApi
{
    private const string Png = "image/png";

    private const string Description =
        "A map over the image: warm where it speaks for the class. Class activation maps (`grad-cam` and its kin) are as coarse as the "
        + "layer; `saliency`, `smoothgrad` and "
        + "`integrated-gradients` are as fine as the image; `score-cam`, `occlusion` and `rise` ask the network many times and take "
        + "seconds. `hires-cam` is faithful where the network ends in flatten and dense layers. "
        + "0 means no evidence and nothing is stretched; `status` is `empty` where nothing speaks for the class, `weak` where integrated "
        + "gradients do not sum up (`completenessError` above 0.05). "
        + "The figures are also in the PNG's text chunks. No libtorch is needed. A parameter that the method does not use is refused. A "
        + "model whose layers are not known takes `occlusion` and `rise` (`explain.needs-layers` else).";

    public static void MapExplain(this IEndpointRouteBuilder routes)
    {
        var explain = routes.MapGroup("/explain").WithTags("Seeing inside").RequireAuthorization(Scopes.Read).ValidateParameters()
            .AllowHead();
        explain.MapGet("/", GetAsync).WithName("ExplainImage").WithSummary("What a prediction for an image of a data set rests on")
            .WithDescription(Description)
            .Produces<ExplanationFigures>(200).ProducesImage(Png).Produces(304).ProducesProblems(400, 404, 409, 422, 503);
        explain.MapPost("/", PostAsync).WithName("ExplainPostedImage").WithSummary("What a prediction for a posted image rests on")
            .WithDescription(Description)
            .Accepts<IFormFile>("multipart/form-data", "image/jpeg", "image/png", "image/webp").WithForm(("file", FormFieldKind.File))
            .Produces<ExplanationFigures>(200).ProducesImage(Png).Produces(304).ProducesProblems(400, 404, 413, 415, 422, 503);
    }

    private static async Task<IResult> GetAsync(HttpContext http, [AsParameters] ExplainServices parts, [AsParameters] ExplainQuery query)
    {
        var plan = await PlanAsync(http, parts, query);
        return await plan
            .BindAsync(_ => NamedFileAsync(parts, query.Image))
            .ToIResultAsync(file => AnswerAsync(http, parts, query, plan.Value, file));
    }

    private static async Task<IResult> PostAsync(HttpContext http, [AsParameters] ExplainServices parts, [AsParameters] ExplainQuery query)
    {
        var plan = await PlanAsync(http, parts, query);
        return await plan
            .BindAsync(_ => RequestImages.ReadAsync(http))
            .CheckAsync(posted => posted.Count > 1
                ? Problem.Invalid("request.too-many-images", $"One image is explained at a time, received {posted.Count}.")
                : null)
            .ToIResultAsync(posted => AnswerAsync(http, parts, query, plan.Value, posted[0].File));
    }

    private static Task<Outcome<ExplanationPlan>> PlanAsync(HttpContext http, ExplainServices parts, ExplainQuery query) =>
        parts.Registry.ResolveAsync(query.Model).BindAsync(model => query.Plan(model, http.Request));

    private static async Task<Outcome<byte[]>> NamedFileAsync(ExplainServices parts, string? image) =>
        image?.Split('/') is [var dataset, var id]
            ? (await DatasetImages.FileAsync(parts.Datasets, parts.Folders, dataset, id)).Map(found => found.File)
            : Problem.Invalid("request.invalid",
                $"image must be 'dataset/id', received "
                + $"{(image is null ? "none: post an image, or name one of a data set" : $"'{image}'")}.");

    private static async Task<IResult> AnswerAsync(
        HttpContext http, ExplainServices parts, ExplainQuery query, ExplanationPlan plan, ReadOnlyMemory<byte> file)
    {
        var tag = ExplanationPipeline.ETag(plan, file, query.Form, query.Shown);
        if (CacheableImageResult.NotModified(http, tag) is { } unchanged)
        {
            return unchanged;
        }

        var made = await parts.Pipeline.ExplainAsync(plan, file, query.Form, query.Shown, http.RequestAborted);
        return made.ToIResult(image => CacheableImageResult.File(http, image, query.MediaType, tag));
    }
}

/// <summary>What explaining needs.</summary>
internal sealed record ExplainServices(ModelRegistry Registry, ExplanationPipeline Pipeline, DatasetStore Datasets, DataFolders Folders);
