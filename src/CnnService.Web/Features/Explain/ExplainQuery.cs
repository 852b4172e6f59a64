using System.ComponentModel;
using CnnService.Core.Common;
using CnnService.Core.Visualization.Explaining;
using Microsoft.AspNetCore.Mvc;

namespace CnnService.Web.Features.Explain;

/// <summary>The parameters of an explanation.</summary>
internal sealed record ExplainQuery(
    [property: FromQuery, Description("`name`, `name:version` or `name@alias`; may be left out where there is only one model.")] string? Model,
    [property: FromQuery, Description("`grad-cam` (default), `grad-cam++`, `hires-cam`, `layer-cam`, `score-cam`, `saliency`, `smoothgrad`, `integrated-gradients`, `occlusion` or `rise`.")] string? Method,
    [property: FromQuery, Description("The class to explain, by name or index; default: the one that the network names.")] string? Class,
    [property: FromQuery, Description("CAM methods: a layer with maps; default: the last ones before the classifier.")] string? Layer,
    [property: FromQuery, Description("`dataset/id`: a picture of a data set instead of a posted one.")] string? Image,
    [property: FromQuery, Description("`overlay` (default), `heat` or `side`.")] string? Layout,
    [property: FromQuery, Description("How strongly the map covers the picture, 0 to 1; default 0.45.")] double? Alpha,
    [property: FromQuery, Description("`png` (default), `json` with figures and map, `npy` or `f32` (the map alone, little endian float32, row by row).")] string? Format,
    [property: FromQuery, Description("Integrated gradients: points on the path, 8 to 512; default 32, doubled up to 256 until they add up.")] int? Steps,
    [property: FromQuery, Description("Integrated gradients: `mean` (default), `black`, `white`, `blur` or `noise`.")] string? Baseline,
    [property: FromQuery, Description("SmoothGrad: noisy copies, 1 to 200; default 25.")] int? Samples,
    [property: FromQuery, Description("SmoothGrad: deviation of the noise as a share of the picture's range, 0 to 0.5; default 0.15.")] double? Noise,
    [property: FromQuery, Description("RISE: masks, 100 to 4000; default 1000.")] int? Masks,
    [property: FromQuery, Description("Score-CAM: maps, 1 to 512; default 64.")] int? Maps,
    [property: FromQuery, Description("Of noise and masks, 0 to 2147483647; default 0.")] int? Seed)
{
    private static readonly ExplainRequest Usual = new();

    public ExplanationLayout View => Layout switch
    {
        "heat" => ExplanationLayout.Heat,
        "side" => ExplanationLayout.Side,
        _ => ExplanationLayout.Overlay,
    };

    public ExplainRequest Request => new()
    {
        Method = ExplainMethods.Find(Method ?? string.Empty) ?? Usual.Method,
        Class = Class,
        Layer = Layer,
        Steps = Steps ?? Usual.Steps,
        Baseline = Enum.TryParse<ExplainBaseline>(Baseline, ignoreCase: true, out var baseline) ? baseline : Usual.Baseline,
        Samples = Samples ?? Usual.Samples,
        Noise = Noise ?? Usual.Noise,
        Masks = Masks ?? Usual.Masks,
        Maps = Maps ?? Usual.Maps,
        Seed = Seed ?? Usual.Seed,
    };

    /// <summary>The broken rules of words, and those of numbers.</summary>
    public Problem? Check()
    {
        var errors = new ValidationErrors();
        errors.Require(Method is null || ExplainMethods.Find(Method) is not null, "method", $"must be one of {string.Join(", ", ExplainMethods.All)}, received \"{Method}\"");
        errors.Require(Layout is null or "overlay" or "heat" or "side", "layout", $"must be overlay, heat or side, received \"{Layout}\"");
        errors.Require(Format is null or "png" or "json" or "npy" or "f32", "format", $"must be png, json, npy or f32, received \"{Format}\"");
        errors.Require(Baseline is null or "mean" or "black" or "white" or "blur" or "noise", "baseline", $"must be mean, black, white, blur or noise, received \"{Baseline}\"");
        errors.Require(Alpha is null or (>= 0 and <= 1), "alpha", FormattableString.Invariant($"must be between 0 and 1, received {Alpha}"));
        Request.Check(errors);
        return errors.Any ? Problem.Validation(errors) : null;
    }
}
