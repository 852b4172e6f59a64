namespace CnnService.Core.Interpretation.Examples;

/// <summary>The images that activate a filter most.</summary>
/// <param name="Filter">Index of the filter.</param>
/// <param name="Examples">Strongest first; fewer than requested if fewer images activate the filter.</param>
public sealed record FilterExamples(int Filter, IReadOnlyList<ExampleFigures> Examples);
