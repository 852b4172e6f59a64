namespace CnnService.Core.Interpretation.Examples;

/// <summary>The images that a filter answers most to.</summary>
/// <param name="Filter">From 0.</param>
/// <param name="Examples">The strongest first; fewer than asked for where fewer images excite it.</param>
public sealed record FilterExamples(int Filter, IReadOnlyList<ExampleFigures> Examples);
