using System.Text.Json;
using CnnService.Core.Architecture;
using CnnService.Core.Architecture.Presets;
using CnnService.Core.Common;
using CnnService.Core.Drawing.Figures;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CnnService.Web.Features.Architectures;

/// <summary>/architectures: networks before training.</summary>
internal static class ArchitecturesApi
{
    private const string Untitled = "network";

    public static void MapArchitectures(this IEndpointRouteBuilder routes)
    {
        var architectures = routes.MapGroup("/architectures").WithTags("Architectures").RequireAuthorization(Scopes.Read);
        architectures.MapGet("/", List).WithName("ListArchitectures").WithSummary("List the preset network architectures");
        architectures.MapGet("/{preset}", Get).WithName("GetArchitecture").WithSummary("A preset's layers, or a drawing of them")
            .WithDescription(
                "`format=png` or `svg` draws a short sequence of layers as blocks whose height is the size of the feature maps and whose "
                + "width is the number of channels.")
            .Produces<PresetResource>(200).ProducesFigureToo().ValidateParameters().ProducesProblems(400, 404);
        architectures.MapPost("/describe", DescribeAsync).WithName("DescribeArchitecture")
            .WithSummary("Check a network definition and return its layer table")
            .WithDescription(
                "Output shapes, parameters, receptive fields, jumps (the stride of a layer's cells in input pixels) and multiply-adds, "
                + "without training. `classes` (default 2) is the number that dense layers without `units` follow. `format=png` or `svg` "
                + "draws the network instead.")
            .Accepts<NetworkSpec>("application/json")
            .WithExample("""
                { "input": { "height": 32, "width": 32, "channels": 3 },
                  "layers": [ { "type": "conv2d", "filters": 16, "kernelSize": [3, 3], "padding": "same", "activation": "relu" },
                              { "type": "maxPooling2d" }, { "type": "flatten" }, { "type": "dense" } ] }
                """)
            .Produces<ArchitectureSummary>(200).ProducesFigureToo().ValidateParameters().ProducesProblems(400, 415, 422);
    }

    private static Ok<Page<PresetItem>> List() =>
        TypedResults.Ok(new Page<PresetItem>([.. PresetCatalog.All.Select(PresetItem.From)], null));

    private static IResult Get(IFigureRenderer figures, string preset, [AsParameters] NetworkQuery query)
    {
        if (!PresetCatalog.TryFind(preset, out var found))
        {
            return Problem.NotFound("architecture.not-found",
                $"There is no preset '{preset}'; there are: {string.Join(", ", PresetCatalog.Names)}.").ToResult();
        }

        return query.IsImage
            ? NetworkDrawingResult.Render(figures, PresetResource.Resolve(found), found.Name, query)
            : TypedResults.Ok(PresetResource.From(found));
    }

    private static async Task<IResult> DescribeAsync(
        HttpContext http, IFigureRenderer figures, int? classes, [AsParameters] NetworkQuery query)
    {
        var network = (await JsonRequest.BodyAsync(http.Request, http.RequestAborted))
            .Bind(json => Resolve(json, classes ?? 2))
            .Bind(resolved => query.IsImage ? NetworkDrawingResult.Check(resolved) : resolved);
        return network.ToIResult(resolved => query.IsImage
            ? NetworkDrawingResult.Render(figures, resolved, Untitled, query)
            : TypedResults.Ok(ArchitectureSummary.Create(resolved)));
    }

    private static Outcome<ResolvedNetwork> Resolve(JsonElement json, int classes)
    {
        var errors = new ValidationErrors();
        errors.Require(classes is >= 2 and <= 65_536, "classes", $"must be between 2 and 65536, received {classes}");
        var spec = NetworkSpecJson.Read(json, errors, string.Empty);
        var network = spec is null || errors.Any ? null : NetworkSpecValidator.Resolve(spec, classes, errors, string.Empty);
        return network is null ? Problem.Validation(errors) : network;
    }
}

/// <summary>A preset in the list.</summary>
/// <param name="Name">The name to be used in the field <c>architecture</c> of a training request.</param>
/// <param name="Description">What the network is and where it comes from.</param>
/// <param name="Input">The input size it was designed for.</param>
/// <param name="Parameters">Number of trainable parameters, for that input and the number of classes it was designed for.</param>
internal sealed record PresetItem(string Name, string Description, InputSpec Input, long Parameters)
{
    public static PresetItem From(Preset preset) =>
        new(preset.Name, preset.Description, preset.DefaultInput, PresetResource.Summarize(preset).Totals.Parameters);
}

/// <summary>A preset with its layers.</summary>
/// <param name="Name">The name to be used in the field <c>architecture</c> of a training request.</param>
/// <param name="Description">What the network is and where it comes from.</param>
/// <param name="Architecture">Its definition, as accepted in a training request.</param>
/// <param name="Summary">Its layer table.</param>
internal sealed record PresetResource(string Name, string Description, NetworkSpec Architecture, ArchitectureSummary Summary)
{
    public static PresetResource From(Preset preset) =>
        new(preset.Name, preset.Description, preset.Create(preset.DefaultClasses), Summarize(preset));

    internal static ArchitectureSummary Summarize(Preset preset) => ArchitectureSummary.Create(Resolve(preset));

    /// <summary>Resolves a preset; throws if it breaks a rule, as that is a bug.</summary>
    internal static ResolvedNetwork Resolve(Preset preset)
    {
        var errors = new ValidationErrors();
        return NetworkSpecValidator.Resolve(preset.Create(preset.DefaultClasses), preset.DefaultClasses, errors, preset.Name)
            ?? throw new InvalidOperationException(
                $"The preset {preset.Name} breaks rules at {string.Join(", ", errors.ToDictionary().Keys)}.");
    }
}
