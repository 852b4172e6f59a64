using System.ComponentModel;
using CnnService.Core.Common;
using CnnService.Core.Interpretation.Attribution;
using CnnService.Core.Models;
using Microsoft.AspNetCore.Mvc;

namespace CnnService.Web.Features.Explain;

/// <summary>The parameters of an explanation.</summary>
internal sealed record ExplainQuery(
    [property: FromQuery, Description(
        "`name`, `name:version` or `name@alias`; optional if there is only one model.")] string? Model,
    [property: FromQuery, Description(
        "`grad-cam` (default), `grad-cam++`, `hires-cam`, `layer-cam`, `score-cam`, `saliency`, `smoothgrad`, `integrated-gradients`, "
        + "`occlusion` or `rise`.")] string? Method,
    [property: FromQuery, Description("A class by name or number; default: the predicted one.")] string? Class,
    [property: FromQuery, Description(
        "Class activation maps: a layer with feature maps; default the last one before the classifier.")] string? Layer,
    [property: FromQuery, Description(
        "Number of noisy copies of smoothgrad (1 to 200, default 25), masks of rise (100 to 4000, default 1000), or "
        + "feature maps of score-cam (1 to 512, default 64).")] int? Samples,
    [property: FromQuery, Description(
        "Smoothgrad: standard deviation of the noise as a fraction of the image's value range, 0 to 0.5; default 0.15.")] double? Noise,
    [property: FromQuery, Description(
        "Integrated gradients: number of steps, 8 to 512, default 32; doubled up to 256 while the completeness error is "
        + "too large.")] int? Steps,
    [property: FromQuery, Description(
        "Integrated gradients: the baseline image, `mean` (default), `black`, `white`, `blur` or `noise`.")] string? Baseline,
    [property: FromQuery, Description(
        "Random seed of smoothgrad, rise, and the noise baseline of integrated gradients: 0 to 2147483647; default 0.")] int? Seed,
    [property: FromQuery, Description("`side` (default; image, heat map and overlay), `overlay` or `heat`.")] string? Layout,
    [property: FromQuery, Description(
        "`png` (default), `svg`, `json` with figures and map, `npy` or `f32` with the map's numbers.")] string? Format)
{
    public ExplainView Shown => WireName.Find<ExplainView>(Layout) ?? ExplainView.Side;

    public bool IsSvg => WireName.Find<ExplainFormat>(Format) == ExplainFormat.Svg;

    public ExplainForm Form => WireName.Find<ExplainFormat>(Format) switch
    {
        ExplainFormat.Json => ExplainForm.Json,
        ExplainFormat.Npy => ExplainForm.Npy,
        ExplainFormat.F32 => ExplainForm.F32,
        _ => ExplainForm.Figure,
    };

    public string MediaType => Form switch
    {
        ExplainForm.Figure => IsSvg ? FigureResult.Svg : FigureResult.Png,
        ExplainForm.Json => "application/json",
        _ => "application/octet-stream",
    };

    /// <summary>The explanation to compute. Reports all violated rules together, including parameters without effect.</summary>
    public Outcome<ExplanationPlan> Plan(LoadedModel model, HttpRequest request)
    {
        var method = Method ?? WireName.All<ExplainMethod>()[0];
        var plan = ExplanationPlan.Create(model, new()
        {
            Method = method,
            Class = Class,
            Layer = Layer,
            Samples = Samples,
            Noise = Noise,
            Steps = Steps,
            Baseline = Baseline,
            Seed = Seed ?? 0,
        });
        var errors = new ValidationErrors();
        InapplicableParameters.Check(request, ExplainMethods.Find(method), errors);
        errors.ReadName<ExplainView>(Layout, "layout");
        errors.ReadName<ExplainFormat>(Format, "format");
        if (!errors.Any)
        {
            return plan;
        }

        foreach (var (path, rule) in plan.Problem?.Errors.SelectMany(error => error.Value.Select(rule => (error.Key, rule))) ?? [])
        {
            errors.Add(path, rule);
        }

        return Problem.Validation(errors);
    }
}
