using CnnService.Core.Interpretation;
using CnnService.Core.Interpretation.Examples;

namespace CnnService.Web.Features.Visualize;

/// <summary>The images that filters answer most to.</summary>
/// <param name="Dataset">Where they are.</param>
/// <param name="Filters">In the order of the filters.</param>
internal sealed record ExamplesResource(string Dataset, IReadOnlyList<LinkedExamples> Filters)
{
    public static ExamplesResource Of(string dataset, ExampleSheet sheet) =>
        new(dataset, [.. sheet.Filters.Select(row => LinkedExamples.From(dataset, row))]);
}

/// <param name="Filter">From 0.</param>
/// <param name="Examples">The strongest first.</param>
internal sealed record LinkedExamples(int Filter, IReadOnlyList<LinkedExample> Examples)
{
    public static LinkedExamples From(string dataset, FilterExamples row) => new(
        row.Filter,
        [.. row.Examples.Select(
            example => new LinkedExample(example.Image, example.Value, example.Cell, example.Box,
                $"/datasets/{dataset}/images/{example.Image}"))]);
}

/// <param name="Image">Its id in the data set.</param>
/// <param name="Value">The filter's answer, after its activation function.</param>
/// <param name="Cell">Row and column of the map.</param>
/// <param name="Box">What that cell sees, in pixels of the network's input; may reach beyond it.</param>
/// <param name="Link">The image.</param>
internal sealed record LinkedExample(string Image, double Value, IReadOnlyList<int> Cell, FieldBox Box, string Link);
