namespace CnnService.Core.Training.Transfer;

/// <summary>The model version whose weights a run starts from.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Version">From 1.</param>
/// <param name="WeightsFile">Absolute path of its weights.</param>
/// <param name="WeightsHash">SHA-256 of that file, hex.</param>
public sealed record StartingPoint(string Model, int Version, string WeightsFile, string WeightsHash);
