using CnnService.Core.Interpretation.Examples;
using CnnService.Core.Interpretation.Layers;

namespace CnnService.Web.Features.Visualize;

/// <summary>The images with the highest activations of filters.</summary>
/// <param name="Dataset">The data set.</param>
/// <param name="Filters">In the order of the filters.</param>
internal sealed record ExamplesResource(string Dataset, IReadOnlyList<LinkedExamples> Filters)
{
    public static ExamplesResource From(string dataset, ExampleSheet sheet) =>
        new(dataset, [.. sheet.Filters.Select(row => LinkedExamples.From(dataset, row))]);
}

/// <param name="Filter">Index of the filter, from 0.</param>
/// <param name="Examples">The highest activation first.</param>
internal sealed record LinkedExamples(int Filter, IReadOnlyList<LinkedExample> Examples)
{
    public static LinkedExamples From(string dataset, FilterExamples row) => new(
        row.Filter,
        [.. row.Examples.Select(
            example => new LinkedExample(example.Image, example.Value, example.Cell, example.Box,
                $"/datasets/{dataset}/images/{example.Image}"))]);
}

/// <param name="Image">Id of the image in the data set.</param>
/// <param name="Value">The filter's activation, after the layer's activation function.</param>
/// <param name="Cell">Row and column in the feature map.</param>
/// <param name="Box">Receptive field of the cell in pixels of the network's input; may extend beyond it.</param>
/// <param name="Link">The image.</param>
internal sealed record LinkedExample(string Image, double Value, IReadOnlyList<int> Cell, FieldBox Box, string Link);
