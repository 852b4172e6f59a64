using CnnService.Core.Common;
using CnnService.Core.Drawing.Figures;
using CnnService.Core.Drawing.Plots;
using CnnService.Web.Persistence;

namespace CnnService.Web.Features.Models;

/// <summary>The reliability diagram of a version.</summary>
internal static class CalibrationApi
{
    public static void MapCalibration(this RouteGroupBuilder models) =>
        models.MapGet("/{name}/versions/{version}/calibration.png", GetAsync).WithName("GetCalibrationDiagram")
            .WithSummary("Reliability diagram: how far a version's probabilities can be trusted")
            .WithDescription(
                "The share of validation images that are predicted right, by the probability of the predicted class, before and after "
                + "calibration: on the diagonal, probabilities mean what they say.")
            .ProducesFigure().ValidateParameters().RequireAuthorization(Scopes.Read).ProducesProblems(400, 404, 503);

    private static Task<IResult> GetAsync(
        ModelRegistry registry, IFigureRenderer figures, string name, string version, [AsParameters] PlotQuery plot) =>
        registry.ResolveAsync(name, version).BindAsync(model => model.Manifest.Calibration is { } calibration
            ? Outcome.Success(ReliabilityPlot.Create(calibration, $"{model.Name}:{model.Version}"))
            : Problem.NotFound("model.not-calibrated",
                $"The {model.DisplayName} was not calibrated: it was imported, or its data set has too few validation images."))
        .ToIResultAsync(drawn => FigureResult.File(figures, drawn, plot.Style));
}
