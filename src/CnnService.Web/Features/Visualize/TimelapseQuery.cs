using System.ComponentModel;
using CnnService.Core.Common;
using CnnService.Core.Interpretation.Ascent;
using CnnService.Core.Interpretation.Layers;
using CnnService.Core.Interpretation.Timelapse;
using Microsoft.AspNetCore.Mvc;

namespace CnnService.Web.Features.Visualize;

/// <summary>Parameters of a timelapse.</summary>
internal sealed record TimelapseQuery(
    [property: FromQuery, Description("A layer of the run's network; requires `filter`.")] string? Layer,
    [property: FromQuery, Description("Which of the layer's filters, from 0.")] int? Filter,
    [property: FromQuery, Description("A class by name or number, instead of a layer.")] string? Class,
    [property: FromQuery, Description(
        "`dataset/id`: shows the filter's feature map for this image instead of its pattern.")] DatasetImageName? Image,
    [property: FromQuery, Description(
        "`png` (default; a strip, one tile per epoch), `svg`, `apng` (animated) or `json` (the "
        + "values).")] EnumQueryValue<TimelapseFormat>? Format,
    [property: FromQuery, Description(
        "Maximum number of frames, evenly spaced including the first and last epoch, 1 to 64; default 12.")] int? Frames,
    [property: FromQuery, Description(
        "`apng`: milliseconds from one frame to the next, 20 to 20000; default 500.")] int? Delay,
    [property: FromQuery, Description(
        "Side in pixels, 32 to 512; default the size of the network's input or larger, small images enlarged towards 128.")] int? Size,
    [property: FromQuery, Description(
        "Patterns: `quick` (default; 30 steps on the pixels), `natural` or `article`.")] EnumQueryValue<PatternMethod>? Method,
    [property: FromQuery, Description("Patterns: ascent steps, 16 to 2048; default that of the method.")] int? Iterations,
    [property: FromQuery, Description(
        "Patterns: random seed, 0 to 2147483647; default 0.")] int? Seed,
    [property: FromQuery, Description("Feature maps: `filter` (default), `layer` or `minmax`.")] EnumQueryValue<FeatureMapScale>? Normalize,
    [property: FromQuery, Description(
        "Seconds to wait for a film that is not ready, 0 to 300; default 30. Then 202 with Retry-After.")] int? Wait) : IValidatedQuery
{
    private const int MinDelay = 20;
    private const int MaxDelay = 20_000;
    private const int DefaultDelay = 500;

    public TimeSpan Patience => QueryRules.Patience(Wait);

    public TimeSpan Pace => TimeSpan.FromMilliseconds(Delay ?? DefaultDelay);

    public int FrameCount => Frames ?? TimelapseSource.DefaultFrames;

    public TimelapseFormat Form => Format?.Value ?? TimelapseFormat.Png;

    /// <param name="image">The decoded <see cref="Image"/>; null if the query names none.</param>
    public TimelapseRequest Request(PixelBuffer? image) => new()
    {
        Layer = Layer,
        Filter = Filter,
        Class = Class,
        Image = image,
        Pattern = new() { Method = Method?.Value ?? PatternMethod.Quick, Iterations = Iterations, Seed = Seed ?? 0, Size = Size },
        Scale = Normalize?.Value,
        Side = Math.Max(Size ?? 0, TimelapseRequest.DefaultSide),
    };

    /// <summary>Checks what the timelapse's plan does not.</summary>
    public void Check(ValidationErrors errors)
    {
        errors.CheckRange(Frames, 1, TimelapseSource.MaxFrames, "frames");
        errors.CheckRange(Delay, MinDelay, MaxDelay, "delay");
        errors.CheckRange(Size, PatternRequest.MinSize, PatternRequest.MaxSize, "size");
        errors.CheckWait(Wait);
    }
}
