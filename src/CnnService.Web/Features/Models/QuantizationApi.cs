using CnnService.Core.Common;
using CnnService.Core.Models.Quantization;
using CnnService.Web.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CnnService.Web.Features.Models;

/// <summary>The 8-bit network of a version.</summary>
internal static class QuantizationApi
{
    public static void MapQuantization(this RouteGroupBuilder models)
    {
        models.MapPost("/{name}/versions/{version}/quantize", StartAsync).WithName("QuantizeVersion")
            .WithSummary("Make an 8-bit network of a version")
            .WithDescription(
                "Accepted if it is faster here than float32, and no more than `maxAccuracyLoss` less accurate on validation "
                + "images. `PUT /models/{name}/serving` then serves it. Follow `Location`.")
            .Accepts<QuantizeRequest>("application/json").WithExample("""{ "maxAccuracyLoss": 0.005 }""")
            .RequireAuthorization(Scopes.Train).ProducesProblems(400, 404, 409, 415, 422, 503);
        models.MapGet("/{name}/versions/{version}/quantization", GetAsync).WithName("GetQuantization")
            .WithSummary("Progress and result of a version's quantization").RequireAuthorization(Scopes.Read).ProducesProblems(404, 503);
    }

    private static Task<Results<Accepted<QuantizationResource>, ProblemResult>> StartAsync(
        HttpContext http, [AsParameters] QuantizationStart start, string name, string version) =>
        start.RunAsync(name, version, http.Request, http.RequestAborted).ToResultAsync(row => TypedResults.Accepted(
            $"/models/{row.Model}/versions/{row.Version}/quantization", QuantizationResource.From(row, null)));

    private static Task<Results<Ok<QuantizationResource>, ProblemResult>> GetAsync(
        ModelRegistry registry, VersionWorkStore<QuantizationRow> quantizations, string name, string version, CancellationToken cancel) =>
        registry.ResolveAsync(name, version).BindAsync(async model =>
        {
            var row = await quantizations.FindAsync(model.Name, model.Version, cancel);
            var report = QuantizedFiles.Read(model);
            return row is null && report is null
                ? Problem.NotFound("quantization.not-found", $"The {model.DisplayName} was not quantized yet.")
                : Outcome.Success(QuantizationResource.From(row, report));
        }).ToResultAsync(found => TypedResults.Ok(found));
}
