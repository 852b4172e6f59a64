using System.Text.Json;
using CnnService.Core.Architecture;
using CnnService.Core.Architecture.Presets;
using CnnService.Core.Common;
using CnnService.Web.Hosting;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CnnService.Web.Features.Architectures;

/// <summary>/architectures: networks before they are trained.</summary>
internal static class ArchitecturesApi
{
    public static void MapArchitectures(this IEndpointRouteBuilder routes)
    {
        var architectures = routes.MapGroup("/architectures").WithTags("Architectures").RequireAuthorization(Scopes.Read);
        architectures.MapGet("/", List).WithName("ListArchitectures").WithSummary("The presets");
        architectures.MapGet("/{preset}", Get).WithName("GetArchitecture").WithSummary("A preset's layers").ProducesProblems(404);
        architectures.MapPost("/describe", DescribeAsync).WithName("DescribeArchitecture").WithSummary("The layer table of a network, or what is wrong with it")
            .WithDescription("Output shapes, parameters, receptive fields, jumps and multiply-adds, without training. `classes` (default 2) is what `\"units\": \"classes\"` follows.")
            .Accepts<NetworkSpec>("application/json")
            .WithExample("""
                { "input": { "height": 32, "width": 32, "channels": 3 },
                  "layers": [ { "type": "conv2d", "filters": 16, "kernelSize": 3, "padding": "same", "activation": "relu" },
                              { "type": "maxPooling2d" }, { "type": "flatten" }, { "type": "dense", "units": "classes" } ] }
                """)
            .ProducesProblems(400, 415);
    }

    private static Ok<List<PresetResource>> List() => TypedResults.Ok(PresetCatalog.All.Select(preset => PresetResource.Of(preset, withLayers: false)).ToList());

    private static Results<Ok<PresetResource>, ProblemResult> Get(string preset) => PresetCatalog.TryFind(preset, out var found)
        ? TypedResults.Ok(PresetResource.Of(found, withLayers: true))
        : Problem.NotFound("architecture.not-found", $"There is no preset '{preset}'; there are: {string.Join(", ", PresetCatalog.Names)}.").ToResult();

    private static async Task<Results<Ok<ArchitectureSummary>, ProblemResult>> DescribeAsync(HttpContext http, int? classes)
    {
        var body = await JsonRequest.BodyAsync(http.Request, http.RequestAborted).ConfigureAwait(false);
        var summary = body.Then(json => Describe(json, classes ?? 2));
        return summary.Problem is { } problem ? problem.ToResult() : TypedResults.Ok(summary.Value);
    }

    private static Outcome<ArchitectureSummary> Describe(JsonElement json, int classes)
    {
        var errors = new ValidationErrors();
        errors.Require(classes is >= 2 and <= 65_536, "classes", $"must be between 2 and 65536, received {classes}");
        var spec = NetworkSpecJson.Read(json, errors, string.Empty);
        var network = spec is null || errors.Any ? null : NetworkSpecValidator.Resolve(spec, classes, errors, string.Empty);
        return network is null ? Problem.Validation(errors) : ArchitectureSummary.Of(network);
    }
}

/// <summary>A preset as the API shows it.</summary>
/// <param name="Network">Left out of lists.</param>
internal sealed record PresetResource(string Name, string Description, InputSpec Input, NetworkSpec? Network)
{
    public static PresetResource Of(Preset preset, bool withLayers) => new(
        preset.Name, preset.Description, preset.DefaultInput, withLayers ? preset.Create(preset.DefaultClasses) : null);
}
