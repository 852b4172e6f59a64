using System.ComponentModel;
using System.Text.Json;
using CnnService.Core.Architecture;
using CnnService.Core.Architecture.Presets;
using CnnService.Core.Common;
using CnnService.Web.Hosting;
using CnnService.Web.Resources;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CnnService.Web.Features.Architectures;

/// <summary>Networks on paper: those known by name, and the layer table of any other, without training it.</summary>
internal static class ArchitecturesApi
{
    private const int DefaultClasses = 2;

    private const int MostClasses = 10_000;

    private const string SmallNetwork =
        """
        { "input": { "height": 32, "width": 32, "channels": 3 }, "layers": [
          { "type": "conv2d", "name": "conv_1", "filters": 8, "kernelSize": 3, "padding": "same", "activation": "relu" },
          { "type": "maxPooling2d", "poolSize": 2 },
          { "type": "flatten" },
          { "type": "dense", "name": "output", "units": "classes" } ] }
        """;

    public static void MapArchitectures(this IEndpointRouteBuilder routes)
    {
        var architectures = routes.MapGroup("/architectures").WithTags("Architectures").RequireAuthorization(Scopes.Read);
        architectures.MapGet("/", List).WithName("ListArchitectures").WithSummary("Lists the networks known by name.");
        architectures.MapGet("/{preset}", Get).WithName("GetArchitecture")
            .WithSummary("Tells the layers of a network known by name, and its definition, ready to be changed and sent back.")
            .ProducesProblems(404);
        architectures.MapPost("/describe", DescribeAsync).WithName("DescribeArchitecture")
            .WithSummary("Tells what a network would be, layer by layer, or every rule it breaks; nothing is trained.")
            .Accepts<NetworkSpec>("application/json")
            .WithExample(SmallNetwork).ProducesProblems(400, 415);
    }

    private static Ok<Page<PresetItem>> List() =>
        TypedResults.Ok(new Page<PresetItem>([.. PresetCatalog.All.Select(PresetItem.Of)], null));

    private static Results<Ok<PresetDetails>, ProblemResult> Get(string preset)
    {
        if (!PresetCatalog.TryFind(preset, out var found))
        {
            var names = string.Join(", ", PresetCatalog.Names);
            return Problem.NotFound("architecture.not-found", $"There is no network of this name; there are {names}.").ToResult();
        }

        return TypedResults.Ok(PresetDetails.Of(found));
    }

    private static async Task<Results<Ok<ArchitectureSummary>, ProblemResult>> DescribeAsync(
        HttpRequest request,
        CancellationToken cancel,
        [Description("The number of classes that units \"classes\" stands for, 2 to 10,000.")] int classes = DefaultClasses)
    {
        var outcome = (await JsonRequest.BodyAsync(request, cancel)).Then(body => Describe(body, classes));
        return outcome.Problem is { } problem ? problem.ToResult() : TypedResults.Ok(outcome.Value);
    }

    private static Outcome<ArchitectureSummary> Describe(JsonElement body, int classes)
    {
        var errors = new ValidationErrors();
        var isCount = errors.Require(
            classes is >= DefaultClasses and <= MostClasses, "classes", $"must be between {DefaultClasses} and {MostClasses}, received {classes}");
        var spec = NetworkSpecJson.Read(body, errors, path: string.Empty);
        var network = spec is not null && isCount ? NetworkSpecValidator.Resolve(spec, classes, errors, path: string.Empty) : null;
        return network is null ? Problem.Validation(errors) : ArchitectureSummary.Of(network);
    }
}
