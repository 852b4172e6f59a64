namespace CnnService.Core.Interpretation.Examples;

/// <summary>Examples of filters as numbers and as an image.</summary>
/// <param name="Filters">Examples in the order of the filters.</param>
/// <param name="Png">The sheet as a PNG file.</param>
#pragma warning disable CA1819 // The file is the point of this record.
public sealed record ExampleSheet(IReadOnlyList<FilterExamples> Filters, byte[] Png);
#pragma warning restore CA1819
