using System.ComponentModel;
using CnnService.Core.Common;
using CnnService.Core.Drawing.Scenes;
using Microsoft.AspNetCore.Mvc;

namespace CnnService.Web.Api.Images;

/// <summary>How a figure is drawn that has no values beside it.</summary>
internal sealed record PlotQuery(
    [property: FromQuery, Description("Colours: `light` (default) or `dark`.")] EnumQueryValue<ThemeName>? Theme,
    [property: FromQuery, Description("Enlarges the image: 1 to 8; default 1.")] int? Scale,
    [property: FromQuery, Description("`png` (default) or `svg`, with text that can be searched.")] EnumQueryValue<FigureForm>? Format)
    : IValidatedQuery
{
    public FigureStyle Style => new(Theme?.Value ?? ThemeName.Light, Scale, Format?.Value ?? FigureForm.Png);

    public void Check(ValidationErrors errors) => new FigureQuery(Theme, Scale).Check(errors);
}
