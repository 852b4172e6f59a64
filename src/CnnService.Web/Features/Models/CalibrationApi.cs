using CnnService.Core.Common;
using CnnService.Core.Drawing.Figures;
using CnnService.Core.Drawing.Plots;
using CnnService.Core.Models;
using CnnService.Web.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CnnService.Web.Features.Models;

/// <summary>The calibration of a version, and its reliability diagram.</summary>
internal static class CalibrationApi
{
    public static void MapCalibration(this RouteGroupBuilder models)
    {
        models.MapPost("/{name}/versions/{version}/calibrate", StartAsync).WithName("CalibrateVersion")
            .WithSummary("Calibrate a version")
            .WithDescription(
                "As a training does at its end, for imported versions: temperature, and known or not. It answers by it then; thresholds "
                + "are to be set anew. Follow `Location`.")
            .Accepts<CalibrateRequest>("application/json").WithExample("""{ "dataset": "pets" }""")
            .RequireAuthorization(Scopes.Train).ProducesProblems(400, 404, 409, 415, 422, 503);
        models.MapGet("/{name}/versions/{version}/calibration", GetAsync).WithName("GetCalibration")
            .WithSummary("Calibration of a version").RequireAuthorization(Scopes.Read).ProducesProblems(404, 503);
        models.MapGet("/{name}/versions/{version}/calibration.png", DrawAsync).WithName("GetCalibrationDiagram")
            .WithSummary("Reliability diagram: how far a version's probabilities can be trusted")
            .WithDescription(
                "The share of validation images that are predicted right, by the probability of the predicted class, before and after "
                + "calibration: on the diagonal, probabilities mean what they say.")
            .ProducesFigure().ValidateParameters().RequireAuthorization(Scopes.Read).ProducesProblems(400, 404, 503);
    }

    private static Task<Results<Accepted<CalibrationResource>, ProblemResult>> StartAsync(
        HttpContext http, [AsParameters] CalibrationStart start, string name, string version) =>
        start.RunAsync(name, version, http.Request, http.RequestAborted).ToResultAsync(row => TypedResults.Accepted(
            $"/models/{row.Model}/versions/{row.Version}/calibration", CalibrationResource.From(row, null)));

    private static Task<Results<Ok<CalibrationResource>, ProblemResult>> GetAsync(
        ModelRegistry registry, VersionWorkStore<CalibrationRow> calibrations, string name, string version, CancellationToken cancel) =>
        registry.ResolveAsync(name, version).BindAsync(async model =>
        {
            var row = await calibrations.FindAsync(model.Name, model.Version, cancel);
            return row is null && model.Manifest.Calibration is null
                ? NotCalibrated(model)
                : Outcome.Success(CalibrationResource.From(row, model));
        }).ToResultAsync(found => TypedResults.Ok(found));

    private static Task<IResult> DrawAsync(
        ModelRegistry registry, IFigureRenderer figures, string name, string version, [AsParameters] PlotQuery plot) =>
        registry.ResolveAsync(name, version).BindAsync(model => model.Manifest.Calibration is { } calibration
            ? Outcome.Success(ReliabilityPlot.Create(calibration, $"{model.Name}:{model.Version}"))
            : NotCalibrated(model))
        .ToIResultAsync(drawn => FigureResult.File(figures, drawn, plot.Style));

    private static Problem NotCalibrated(LoadedModel model) => Problem.NotFound("model.not-calibrated",
        $"The {model.DisplayName} was not calibrated: it was imported, or its data set has too few validation images. POST "
        + $"/models/{model.Name}/versions/{model.Version}/calibrate does it.");
}
