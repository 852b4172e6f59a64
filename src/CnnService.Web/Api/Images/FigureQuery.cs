using System.ComponentModel;
using CnnService.Core.Common;
using CnnService.Core.Drawing.Scenes;
using Microsoft.AspNetCore.Mvc;

namespace CnnService.Web.Api.Images;

/// <summary>How a figure is drawn, where the route has a format of its own.</summary>
internal sealed record FigureQuery(
    [property: FromQuery, Description("Colours of a figure: `light` (default) or `dark`.")] EnumQueryValue<ThemeName>? Theme,
    [property: FromQuery, Description(
        "Enlarges what is drawn, not what is computed: 1 to 8; default 1, and for an image alone as much as makes it 256 "
        + "pixels large.")] int? Scale)
    : IValidatedQuery
{
    public FigureStyle Style(bool isSvg = false) => new(Theme?.Value ?? ThemeName.Light, Scale, isSvg ? FigureForm.Svg : FigureForm.Png);

    public void Check(ValidationErrors errors) => errors.Require(Scale is null or (>= 1 and <= FigureStyle.MaxScale), "scale",
        $"must be between 1 and {FigureStyle.MaxScale}, received {Scale}");
}
