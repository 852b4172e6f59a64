namespace CnnService.Core.Training.Transfer;

/// <summary>The model whose weights a run begins with.</summary>
/// <param name="Model">Its name.</param>
/// <param name="Version">From 1.</param>
/// <param name="WeightsFile">Absolute path of its weights.</param>
/// <param name="WeightsHash">Their SHA-256, hex.</param>
public sealed record StartingPoint(string Model, int Version, string WeightsFile, string WeightsHash);
