namespace CnnService.Studio.Parts;

/// <summary>A line of a <see cref="LiveChart"/>.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Values">A value an epoch; null where none was measured.</param>
/// <param name="Color">Number of its colour, as of a class.</param>
public sealed record ChartLine(string Name, IReadOnlyList<double?> Values, int Color);
