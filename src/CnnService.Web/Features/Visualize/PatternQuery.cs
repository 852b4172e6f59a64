using System.ComponentModel;
using CnnService.Core.Common;
using CnnService.Core.Interpretation;
using CnnService.Core.Models;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;
using Microsoft.AspNetCore.Mvc;

namespace CnnService.Web.Features.Visualize;

/// <summary>What may be changed of the usual way to a pattern.</summary>
internal sealed record PatternQuery(
    [property: FromQuery, Description("Patterns, `method=natural`: how amplitudes fall with the frequency, 0 (as many fine details as coarse ones) to 2 (hardly any); default 1.")] double? Decay,
    [property: FromQuery, Description("Patterns, `method=natural`: how the picture is moved before each step: `robust` (default; turned, scaled, shifted), `jitter` (shifted) or `none`.")] string? Transforms,
    [property: FromQuery, Description("Patterns, `method=natural`: steps in the decorrelated colours of natural pictures; default true. False: in red, green and blue.")] bool? Decorrelate,
    [property: FromQuery, Description("Patterns, `method=natural`: which colours are decorrelated: `natural` (default) or `dataset`: those of `dataset`, else of the data set that the version was trained on.")] string? Colors,
    [property: FromQuery, Description("Patterns, `method=natural`: steps in the frequencies of the picture, or in its pixels (false); default true, but for layers that are linear in the picture.")] bool? Fourier,
    [property: FromQuery, Description("Patterns of filters: `channel` (default; all cells of the map) or `neuron` (the one in the middle).")] string? Objective,
    [property: FromQuery, Description("Patterns: `1` (default), or `-1`: what the filter, or class, is most against.")] int? Direction,
    [property: FromQuery, Description("Patterns of filters, `method=natural`: so many pictures of each filter that differ in texture, 1 to 4; default 1. The figures are a list then.")] int? Diversity)
{
    private PatternTransforms? Moves => WireName.Find<PatternTransforms>(Transforms ?? "robust");

    private PatternObjective? Cells => WireName.Find<PatternObjective>(Objective ?? "channel");

    private bool TakesColors => Colors == "dataset";

    /// <summary>The request with what is said here. Problem codes: <c>pattern.no-colors</c> and those of finding the data set.</summary>
    /// <param name="request">The usual way.</param>
    /// <param name="model">The version.</param>
    /// <param name="dataset">Named in the query; null: the model's own.</param>
    /// <param name="datasets">Rows of them.</param>
    /// <param name="folders">Where they lie.</param>
    public async Task<Outcome<PatternRequest>> ApplyAsync(PatternRequest request, LoadedModel model, string? dataset, DatasetStore datasets, DataFolders folders)
    {
        if (!TakesColors)
        {
            return Apply(request);
        }

        if (model.Network.Spec.Input.Channels != 3)
        {
            return Problem.Unprocessable("pattern.no-colors", $"'{model.Name}:{model.Version}' takes grey pictures: colors=dataset has no meaning for it.");
        }

        return (await ScanAnswer.ManifestAsync(datasets, folders, model, dataset)).Bind<PatternRequest>(found => found.Covariance is { } covariance
            ? Apply(request) with { Colors = ColorWhitening.Coloring(covariance) }
            : Problem.Unprocessable("pattern.no-colors", $"The data set '{found.Name}' is grey, or was imported before the covariance of its colours was measured: import it again."));
    }

    /// <summary>The same but for the colours, which need the data set.</summary>
    public PatternRequest Apply(PatternRequest request) => request with
    {
        Decay = Decay ?? request.Decay,
        Transforms = Moves ?? request.Transforms,
        Decorrelates = Decorrelate ?? request.Decorrelates,
        InPixels = Fourier is { } inFrequencies ? !inFrequencies : request.InPixels,
        Objective = Cells ?? request.Objective,
        Direction = Direction ?? request.Direction,
        Diversity = Diversity ?? request.Diversity,
    };

    /// <summary>The words that are none; ranges are the request's own business.</summary>
    public void Check(ValidationErrors errors)
    {
        errors.Require(Moves is not null, "transforms", $"must be robust, jitter or none, received \"{Transforms}\"");
        errors.Require(Colors is null or "natural" or "dataset", "colors", $"must be natural or dataset, received \"{Colors}\"");
        errors.Require(Cells is not null, "objective", $"must be channel or neuron, received \"{Objective}\"");
    }
}
