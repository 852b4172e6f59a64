using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Interpretation;
using CnnService.Core.Interpretation.Examples;
using CnnService.Core.Interpretation.Statistics;
using CnnService.Core.Models;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;

namespace CnnService.Web.Features.Visualize;

/// <summary>A layer looked at through a data set: /visualize/{layer}/statistics, and <c>kind=examples</c>.</summary>
internal static class ScanAnswer
{
    private const string Png = "image/png";

    public static void MapStatistics(this IEndpointRouteBuilder visualize) =>
        visualize.MapGet("/{layer}/statistics", (HttpContext http, [AsParameters] VisualizeParts parts, [AsParameters] VisualizeQuery query, string layer) => StatisticsAsync(http, parts, query, layer))
            .WithName("GetFilterStatistics").WithSummary("How alive a layer's filters are on a data set: dead, rare, duplicate ones")
            .WithDescription("One pass over `pictures` of a split, evenly spread. `dead`: never above 0 on 500 pictures and more (`silent` on fewer), `rare`: fires on under 1 % of them, `always`: above 0 in over 99 % of the cells. "
                + "`medianMax`, `p99Max` and `p999Max` are percentiles of the pictures' largest answers. `nearest` is the filter with the likest kernel. JSON, or bars with `format=png`.")
            .Produces<LayerScan>(200).OrPicture(Png).Produces<PatternPending>(202).Produces(304).ProducesProblems(400, 404, 409, 422, 503);

    /// <summary>The examples of one filter, or rows of several.</summary>
    public static async Task<IResult> ExamplesAsync(HttpContext http, VisualizeParts parts, LoadedModel model, VisualizeQuery query, string layer, int? filter)
    {
        var source = await SourceAsync(parts, model, query);
        var count = query.Count ?? ExamplePicture.Usual;
        var (offset, filters) = filter is { } one ? (one, 1) : (query.First, int.MaxValue);
        var tag = source.Bind(pictures => LayerScanner.Tag(model, layer, pictures)).Bind<string>(key => FormattableString.Invariant($"{key}-examples-{offset}-{filters}-{count}"));
        return await PatternAnswer.GiveAsync(
            http,
            query,
            tag,
            async cancel => (await parts.Scanner.ScanAsync(model, layer, source.Value, cancel))
                .Bind(scan => parts.Examples.Draw(model, scan, source.Value, offset, filters, count, cancel)),
            sheet => !query.AsJson ? PictureAnswer.File(http, sheet.Png, Png, tag.Value)
                : TypedResults.Ok(new ExamplesResource(source.Value.Dataset.Name, [.. sheet.Filters.Select(row => LinkedExamples.Of(source.Value.Dataset.Name, row))])));
    }

    private static async Task<IResult> StatisticsAsync(HttpContext http, VisualizeParts parts, VisualizeQuery query, string layer)
    {
        var model = (await parts.Registry.ResolveAsync(query.Model)).Bind(loaded => loaded.RequireLayers());
        if ((model.Problem ?? query.Check(http, Shown.Statistics)) is { } problem)
        {
            return problem.ToResult();
        }

        var source = await SourceAsync(parts, model.Value, query);
        var asPicture = query.Format == "png";
        var tag = source.Bind(pictures => LayerScanner.Tag(model.Value, layer, pictures)).Bind<string>(key => $"{key}-statistics");
        return await PatternAnswer.GiveAsync(
            http,
            asPicture ? query : query with { Format = "json" },
            tag,
            cancel => parts.Scanner.ScanAsync(model.Value, layer, source.Value, cancel),
            scan => asPicture ? PictureAnswer.File(http, parts.Png.Encode(StatisticsPicture.Draw(scan), []), Png, tag.Value) : TypedResults.Ok(scan));
    }

    /// <summary>The data set asked for, else the one that the version was trained on, as it was then.</summary>
    public static async Task<Outcome<ScanSource>> SourceAsync(VisualizeParts parts, LoadedModel model, VisualizeQuery query) =>
        (await ManifestAsync(parts.Datasets, parts.Folders, model, query.Dataset)).Bind<ScanSource>(found =>
            new ScanSource(parts.Folders.Dataset(found.Name), found, query.Part ?? Core.Datasets.Split.Validation, query.Pictures ?? ScanSource.Usual));

    /// <inheritdoc cref="SourceAsync"/>
    public static async Task<Outcome<DatasetManifest>> ManifestAsync(DatasetStore datasets, DataFolders folders, LoadedModel model, string? named) =>
        (named ?? model.Manifest.Origin?.Dataset) is { } name
            ? await DatasetImages.ManifestAsync(datasets, folders, name)
            : Problem.Conflict("scan.no-dataset", $"'{model.Name}:{model.Version}' was not trained here: name a data set with ?dataset=.");
}

/// <summary>The pictures that filters answer most to.</summary>
/// <param name="Dataset">Where they are.</param>
/// <param name="Filters">In the order of the filters.</param>
internal sealed record ExamplesResource(string Dataset, IReadOnlyList<LinkedExamples> Filters);

/// <param name="Filter">From 0.</param>
/// <param name="Examples">The strongest first.</param>
internal sealed record LinkedExamples(int Filter, IReadOnlyList<LinkedExample> Examples)
{
    public static LinkedExamples Of(string dataset, FilterExamples row) => new(
        row.Filter,
        [.. row.Examples.Select(example => new LinkedExample(example.Image, example.Value, example.Cell, example.Box, $"/datasets/{dataset}/images/{example.Image}"))]);
}

/// <param name="Image">Its id in the data set.</param>
/// <param name="Value">The filter's answer, after its activation function.</param>
/// <param name="Cell">Row and column of the map.</param>
/// <param name="Box">What that cell sees, in pixels of the network's picture; may reach beyond it.</param>
/// <param name="Link">The picture.</param>
internal sealed record LinkedExample(string Image, double Value, IReadOnlyList<int> Cell, FieldBox Box, string Link);
