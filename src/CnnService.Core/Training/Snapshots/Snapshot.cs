using CnnService.Core.Models;

namespace CnnService.Core.Training.Snapshots;

/// <summary>Weights at one point of a training, on disk.</summary>
/// <param name="Epoch">Epochs done; 0: before the first step.</param>
/// <param name="Weights">The weights file.</param>
public sealed record Snapshot(int Epoch, PackageFile Weights);
