using CnnService.Core.Models;

namespace CnnService.Core.Training.Snapshots;

/// <summary>The weights of a moment of a training, on disk.</summary>
/// <param name="Epoch">Epochs done; 0: before the first step.</param>
/// <param name="Weights">The file with the weights.</param>
public sealed record Snapshot(int Epoch, PackageFile Weights);
