namespace CnnService.Core.Training.Sweeps;

/// <summary>A point at which trials are compared.</summary>
/// <param name="Index">From 0.</param>
/// <param name="Epochs">Epochs that a trial has completed there.</param>
public sealed record HalvingRung(int Index, int Epochs);
