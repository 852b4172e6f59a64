using System.ComponentModel;
using CnnService.Core.Common;
using CnnService.Core.Interpretation;
using Microsoft.AspNetCore.Mvc;

namespace CnnService.Web.Features.Visualize;

/// <summary>Parameters of gradient ascent on the input of a filter or class.</summary>
internal sealed record AscentQuery(
    [property: FromQuery, Description(
        "`natural` (default), `quick`: 30 steps on the pixels, coarser and several times as fast, or `article`: its two passes on the "
        + "pixels, of which the second is smoothed; slow.")] EnumQueryValue<PatternMethod>? Method,
    [property: FromQuery, Description(
        "Ascent steps, 16 to 2048; default 128, 256 where the receptive field is under 8 pixels and of classes, 30 with `method=quick`, "
        + "500 with `method=article`.")] int? Iterations,
    [property: FromQuery, Description("0 to 2147483647; default 0.")] int? Seed,
    [property: FromQuery, Description("Side in pixels, 32 to 512; by default the network's input or more.")] int? Size,
    [property: FromQuery, Description(
        "`method=natural`: how amplitudes fall with the frequency, 0 (as many fine details as coarse "
        + "ones) to 2 (hardly any); default 1.")] double? Decay,
    [property: FromQuery, Description(
        "`method=natural`: how the image is moved before each step: `robust` (default; turned, scaled, shifted), `jitter` (shifted) or "
        + "`none`.")] EnumQueryValue<PatternTransforms>? Transforms,
    [property: FromQuery, Description(
        "`method=natural`: steps in the decorrelated colours of natural images; default true. "
        + "False: in red, green and blue.")] bool? Decorrelate,
    [property: FromQuery, Description(
        "`method=natural`: which colours are decorrelated: `natural` (default) or `dataset`: those of `dataset`, else of the data set "
        + "that the version was trained on.")] EnumQueryValue<PatternColors>? Colors,
    [property: FromQuery, Description(
        "`method=natural`: steps in the frequencies of the image, or in its pixels (false); default true, but for layers that are linear "
        + "in the image.")] bool? Fourier,
    [property: FromQuery, Description("`1` (default), or `-1`: what the filter, or class, is most against.")] int? Direction)
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
