using CnnService.Core.Common;
using CnnService.Core.Interpretation.ReceptiveFields;
using CnnService.Core.Models;

namespace CnnService.Web.Features.Visualize;

/// <summary>Answers <c>kind=receptive-field</c>.</summary>
internal static class FieldAnswer
{
    /// <param name="http">The request.</param>
    /// <param name="parts">Encodes the picture.</param>
    /// <param name="model">The version.</param>
    /// <param name="query">Which cell, and what is wanted of it.</param>
    /// <param name="layer">Of the network.</param>
    /// <param name="picture">To draw over; null: none.</param>
    public static async Task<IResult> GiveAsync(HttpContext http, VisualizeParts parts, LoadedModel model, VisualizeQuery query, string layer, PixelBuffer? picture)
    {
        var box = FieldFigures.Of(model, layer, query.Place);
        var effective = box.Succeeded && query.Effective is true ? await parts.Fields.MeasureAsync(model, box.Value, http.RequestAborted) : null;
        var figures = effective is { } measured ? measured.Bind<FieldFigures>(field => box.Value with { Effective = field }) : box;
        if (figures.Problem is { } problem)
        {
            return problem.ToResult();
        }

        var tag = FieldPicture.Tag(model, figures.Value, picture);
        return query.AsJson ? TypedResults.Ok(figures.Value)
            : PictureAnswer.NotModified(http, tag) ?? PictureAnswer.File(http, parts.Png.Encode(FieldPicture.Draw(figures.Value, picture), []), "image/png", tag);
    }
}
