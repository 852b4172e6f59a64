using System.ComponentModel;
using CnnService.Core.Common;
using CnnService.Core.Drawing.Scenes;
using Microsoft.AspNetCore.Mvc;

namespace CnnService.Web.Api.Images;

/// <summary>Whether a network is answered as its layer table or drawn, and how.</summary>
internal sealed record NetworkQuery(
    [property: FromQuery, Description("Colours of a drawing: `light` (default) or `dark`.")] EnumQueryValue<ThemeName>? Theme,
    [property: FromQuery, Description("Enlarges a drawing: 1 to 8; default 1.")] int? Scale,
    [property: FromQuery, Description("`json` (default), or `png` and `svg`: a drawing.")] EnumQueryValue<FigureFormat>? Format)
    : IValidatedQuery
{
    public bool IsImage => Format?.Value is FigureFormat.Png or FigureFormat.Svg;

    public FigureStyle Style => new FigureQuery(Theme, Scale).Style(Format?.Value == FigureFormat.Svg);

    public void Check(ValidationErrors errors) => new FigureQuery(Theme, Scale).Check(errors);
}
