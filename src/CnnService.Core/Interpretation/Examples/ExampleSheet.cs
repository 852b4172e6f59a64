namespace CnnService.Core.Interpretation.Examples;

/// <summary>Examples of filters, found and drawn.</summary>
/// <param name="Filters">What was found, in the order of the filters.</param>
/// <param name="Png">The image of it.</param>
#pragma warning disable CA1819 // The file is the point of this record.
public sealed record ExampleSheet(IReadOnlyList<FilterExamples> Filters, byte[] Png);
#pragma warning restore CA1819
