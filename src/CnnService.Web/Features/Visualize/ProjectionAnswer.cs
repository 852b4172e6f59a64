using CnnService.Core.Interpretation.Projection;
using CnnService.Core.Models;

namespace CnnService.Web.Features.Visualize;

/// <summary>Answers <c>kind=projection</c>.</summary>
internal static class ProjectionAnswer
{
    public static async Task<IResult> GiveAsync(HttpContext http, VisualizeParts parts, LoadedModel model, VisualizeQuery query, string layer)
    {
        var source = await ScanAnswer.SourceAsync(parts, model, query);
        var tag = source.Bind(pictures => LayerProjector.Tag(model, layer, pictures, query.Projection));
        return await PatternAnswer.GiveAsync(
            http,
            query,
            tag,
            cancel => parts.Projector.ProjectAsync(model, layer, source.Value, query.Projection, cancel),
            projection => query.AsJson ? TypedResults.Ok(projection) : PictureAnswer.File(http, parts.Png.Encode(ProjectionPicture.Draw(projection), []), "image/png", tag.Value));
    }
}
