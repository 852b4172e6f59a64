using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Models;
using CnnService.Core.Visualization;
using CnnService.Core.Visualization.Explaining;
using CnnService.Web.Hosting;
using CnnService.Web.Persistence;
using CnnService.Web.Registry;
using CnnService.Web.Resources;

namespace CnnService.Web.Features.Explain;

/// <summary>/explain: which pixels an answer rests on.</summary>
internal static class ExplainApi
{
    /// <summary>The longer side of a picture as it is shown; smaller ones are enlarged, larger ones reduced.</summary>
    private const int ShownSide = 480;

    private const string Description =
        "A heat map over the picture: which parts speak for the class, by the logit. `grad-cam` and its kin show where a layer's maps speak for it; `saliency`, `smoothgrad` and "
        + "`integrated-gradients` go down to pixels; `occlusion` and `rise` hide parts and see what happens, which works for every model, imported graphs too. "
        + "A single sigmoid output explains both of its classes. The same request gives the same bytes.";

    public static void MapExplain(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/explain", AnswerAsync).WithName("Explain").WithTags("Seeing inside").RequireAuthorization(Scopes.Read)
            .WithSummary("Why a picture is classified as it is").WithDescription(Description)
            .Accepts<IFormFile>("multipart/form-data", "image/jpeg", "image/png", "image/webp").WithForm(("file", FormFieldKind.File))
            .Produces(200, contentType: "image/png").ProducesProblems(400, 404, 413, 415, 422, 503);
        routes.MapGet("/explain", AnswerAsync).WithName("ExplainImage").WithTags("Seeing inside").RequireAuthorization(Scopes.Read)
            .WithSummary("Why a picture of a data set is classified as it is").WithDescription(Description)
            .Produces(200, contentType: "image/png").Produces(304).ProducesProblems(400, 404, 413, 415, 422, 503);
    }

    private static async Task<IResult> AnswerAsync(HttpContext http, [AsParameters] ExplainParts parts, [AsParameters] ExplainQuery query)
    {
        if (HttpMethods.IsGet(http.Request.Method) && query.Image is null)
        {
            return Problem.Invalid("request.invalid", "image must be given as 'dataset/id', or the picture be posted.").ToResult();
        }

        var model = query.Check() is { } wrong ? wrong : await parts.Registry.ResolveAsync(query.Model).ConfigureAwait(false);
        model = model.Then(found => Explainer.Check(found, query.Request));
        var file = model.Problem is { } problem ? problem : await AskedPicture.FileAsync(http, query.Image, parts.Datasets, parts.Folders).ConfigureAwait(false);
        var input = file.Problem is { } missing ? missing : await DecodeAsync(parts, file.Value, Input(model.Value), http.RequestAborted).ConfigureAwait(false);
        if (input.Problem is { } unreadable)
        {
            return unreadable.ToResult();
        }

        var tag = ExplanationKey.Of(model.Value, input.Value, query.Request, $"{query.Format}/{query.View}/{query.Alpha}");
        return PictureAnswer.NotModified(http, tag)
            ?? await ExplainAsync(http, parts, query, new(model.Value, file.Value, input.Value, tag)).ConfigureAwait(false);
    }

    private static async Task<IResult> ExplainAsync(HttpContext http, ExplainParts parts, ExplainQuery query, Asked asked)
    {
        var explained = await parts.Slots.RunAsync(() => parts.Explainer.Explain(asked.Model, asked.Input, query.Request, http.RequestAborted), http.RequestAborted).ConfigureAwait(false);
        if (explained.Problem is { } problem)
        {
            return problem.ToResult();
        }

        if (query.Format is "json")
        {
            return TypedResults.Ok(ExplanationResource.Of(asked.Model, explained.Value));
        }

        if (query.Format is "npy" or "f32")
        {
            return NumbersAnswer.File(query.Format, explained.Value.Map.Span, explained.Value.Height, explained.Value.Width);
        }

        var shown = await ShownAsync(parts, asked, http.RequestAborted).ConfigureAwait(false);
        return shown.Match<IResult>(picture => PictureAnswer.File(http, Draw(parts, query, asked, explained.Value, picture)), unreadable => unreadable.ToResult());
    }

    private static RenderedPicture Draw(ExplainParts parts, ExplainQuery query, Asked asked, Explanation found, PixelBuffer shown) => new(
        parts.Png.Encode(ExplanationPicture.Draw(found, shown, query.View, query.Alpha), ExplanationText.Of(asked.Model, found)), asked.Tag, []);

    /// <summary>The picture in its own proportions.</summary>
    private static Task<Outcome<PixelBuffer>> ShownAsync(ExplainParts parts, Asked asked, CancellationToken cancel)
    {
        var header = parts.Decoder.ReadHeader(asked.File).Value; // It has been decoded before.
        var factor = (double)ShownSide / Math.Max(header.Width, header.Height);
        return DecodeAsync(parts, asked.File, new(Math.Max(1, (int)(header.Width * factor)), Math.Max(1, (int)(header.Height * factor)), 3), cancel);
    }

    private static DecodeTarget Input(LoadedModel model) => new(model.Network.Spec.Input.Width, model.Network.Spec.Input.Height, model.Network.Spec.Input.Channels);

    private static Task<Outcome<PixelBuffer>> DecodeAsync(ExplainParts parts, ReadOnlyMemory<byte> file, DecodeTarget target, CancellationToken cancel) =>
        parts.Decoding.RunAsync(() => parts.Decoder.Decode(file, target), cancel);

    private sealed record Asked(LoadedModel Model, ReadOnlyMemory<byte> File, PixelBuffer Input, string Tag);
}

/// <summary>What explaining needs.</summary>
internal sealed record ExplainParts(
    ModelRegistry Registry, Explainer Explainer, ExplainSlots Slots, IImageDecoder Decoder, DecodeSlots Decoding, IPngEncoder Png, DatasetStore Datasets, DataFolders Folders);
