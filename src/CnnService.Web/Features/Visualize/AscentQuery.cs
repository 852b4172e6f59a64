using System.ComponentModel;
using CnnService.Core.Common;
using CnnService.Core.Interpretation.Ascent;
using Microsoft.AspNetCore.Mvc;

namespace CnnService.Web.Features.Visualize;

/// <summary>Parameters of gradient ascent on the input of a filter or class.</summary>
internal sealed record AscentQuery(
    [property: FromQuery, Description(
        "`natural` (default); `quick`: 30 steps on the pixels, coarser and several times as "
        + "fast; or `article`: the two passes of the article on the pixels, the second with "
        + "smoothing, slow.")] EnumQueryValue<PatternMethod>? Method,
    [property: FromQuery, Description(
        "Ascent steps, 16 to 2048; default 128, for classes and for receptive fields under 8 pixels 256, with "
        + "`method=quick` 30, with `method=article` 500.")] int? Iterations,
    [property: FromQuery, Description("Random seed, 0 to 2147483647; default 0.")] int? Seed,
    [property: FromQuery, Description("Side in pixels, 32 to 512; default the size of the network's input or larger.")] int? Size,
    [property: FromQuery, Description(
        "`method=natural`: how fast amplitudes decrease with frequency, from 0 (fine details as strong as coarse ones) "
        + "to 2 (hardly any fine details); default 1.")] double? Decay,
    [property: FromQuery, Description(
        "`method=natural`: random transformation of the image before each step: "
        + "`robust` (default; rotated, scaled, shifted), `jitter` (shifted) or `none`.")] EnumQueryValue<PatternTransforms>? Transforms,
    [property: FromQuery, Description(
        "`method=natural`: optimizes in the decorrelated colour space of natural images; default true. False: in "
        + "RGB.")] bool? Decorrelate,
    [property: FromQuery, Description(
        "`method=natural`: source of the colour statistics: `natural` images (default) or "
        + "`dataset`: those of `dataset`, else of the data set that the version was trained on.")] EnumQueryValue<PatternColors>? Colors,
    [property: FromQuery, Description(
        "`method=natural`: optimizes in the frequencies of the image (true) or in its pixels (false); default true, "
        + "except for layers that are linear in the image.")] bool? Fourier,
    [property: FromQuery, Description("`1` (default) maximizes the activation, `-1` minimizes it.")] int? Direction)
    : IValidatedQuery
{
    public bool TakesColors => Colors?.Value == PatternColors.Dataset;

    /// <summary>The request, except for the colours of a data set, which need a lookup.</summary>
    public PatternRequest Request
    {
        get
        {
            var usual = new PatternRequest();
            return usual with
            {
                Method = Method?.Value ?? usual.Method,
                Iterations = Iterations,
                Seed = Seed ?? usual.Seed,
                Size = Size,
                Decay = Decay ?? usual.Decay,
                Transforms = Transforms?.Value ?? usual.Transforms,
                Decorrelates = Decorrelate ?? usual.Decorrelates,
                InPixels = Fourier is { } inFrequencies ? !inFrequencies : usual.InPixels,
                Direction = Direction ?? usual.Direction,
            };
        }
    }

    public void Check(ValidationErrors errors) => Request.Check(errors);
}
