using CnnService.Core.Drawing.Figures;

namespace CnnService.Core.Interpretation.Examples;

/// <summary>Examples of filters as numbers and as a figure.</summary>
/// <param name="Filters">Examples in the order of the filters.</param>
/// <param name="Drawn">The sheet.</param>
public sealed record ExampleSheet(IReadOnlyList<FilterExamples> Filters, DrawnFigure Drawn);
