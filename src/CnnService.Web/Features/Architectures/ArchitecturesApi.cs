using System.Text.Json;
using CnnService.Core.Architecture;
using CnnService.Core.Architecture.Presets;
using CnnService.Core.Common;
using CnnService.Core.Drawing.Png;
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
                "`format=png` draws the network as blocks whose height is the size of the feature maps and whose width is the number of "
                + "channels; a network with branches is drawn as a table with its connections.")
            .ProducesImage(NetworkDrawingResult.Png).ProducesProblems(400, 404);
        architectures.MapPost("/describe", DescribeAsync).WithName("DescribeArchitecture")
            .WithSummary("Check a network definition and return its layer table")
            .WithDescription(
                "Output shapes, parameters, receptive fields, jumps (the stride of a layer's cells in input pixels) and multiply-adds, "
                + "without training. `classes` (default 2) is the number that dense layers without `units` follow. `format=png` draws the "
                + "network instead, up to 250 layers.")
            .Accepts<NetworkSpec>("application/json")
            .WithExample("""
                { "input": { "height": 32, "width": 32, "channels": 3 },
                  "layers": [ { "type": "conv2d", "filters": 16, "kernelSize": [3, 3], "padding": "same", "activation": "relu" },
                              { "type": "maxPooling2d" }, { "type": "flatten" }, { "type": "dense" } ] }
                """)
            .ProducesImage(NetworkDrawingResult.Png).ProducesProblems(400, 415, 422);
    }

    private static Ok<Page<PresetItem>> List() =>
        TypedResults.Ok(new Page<PresetItem>([.. PresetCatalog.All.Select(PresetItem.From)], null));

    private static Results<Ok<PresetResource>, FileContentHttpResult, ProblemResult> Get(IPngEncoder png, string preset, string? format)
    {
        if (!PresetCatalog.TryFind(preset, out var found))
        {
            return Problem.NotFound("architecture.not-found",
                $"There is no preset '{preset}'; there are: {string.Join(", ", PresetCatalog.Names)}.").ToResult();
        }

        return NetworkDrawingResult.IsRequested(format).Match<Results<Ok<PresetResource>, FileContentHttpResult, ProblemResult>>(
            isImage => isImage
                ? NetworkDrawingResult.Render(png, PresetResource.Resolve(found), found.Name)
                : TypedResults.Ok(PresetResource.From(found)),
            problem => problem.ToResult());
    }

    private static async Task<Results<Ok<ArchitectureSummary>, FileContentHttpResult, ProblemResult>> DescribeAsync(
        HttpContext http, IPngEncoder png, int? classes, string? format)
    {
        var image = NetworkDrawingResult.IsRequested(format);
        var body = await image.BindAsync(_ => JsonRequest.BodyAsync(http.Request, http.RequestAborted));
        var network = body.Bind(json => Resolve(json, classes ?? 2))
            .Bind(resolved => image.Value ? NetworkDrawingResult.Check(resolved) : resolved);
        return network.Match<Results<Ok<ArchitectureSummary>, FileContentHttpResult, ProblemResult>>(
            resolved => image.Value
                ? NetworkDrawingResult.Render(png, resolved, Untitled)
                : TypedResults.Ok(ArchitectureSummary.Create(resolved)),
            problem => problem.ToResult());
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
