namespace CnnService.Core.Datasets.Health;

/// <summary>A finding in plain language.</summary>
/// <param name="Code">Stable, for programs: <c>images.leaked</c>.</param>
/// <param name="Text">What was found, and what it means for training.</param>
/// <param name="Count">Number of images or classes it is about.</param>
public sealed record HealthFinding(string Code, string Text, int Count);
