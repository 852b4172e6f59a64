namespace CnnService.Benchmarks.Hostile;

/// <summary>A parameter of an operation, as the OpenAPI text describes it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsInPath">Whether it is a part of the path; else of the query.</param>
/// <param name="Type">string, integer, number or boolean.</param>
/// <param name="Choices">The values of an enum; empty for others.</param>
/// <param name="Example">An example; null if there is none.</param>
internal sealed record ApiParameter(string Name, bool IsInPath, string Type, IReadOnlyList<string> Choices, string? Example);
