namespace CnnService.Core.Training.Sweeps;

/// <summary>What is to be done next in a sweep.</summary>
/// <param name="Queue">Numbers of the trials to queue, in order.</param>
/// <param name="State">State of the sweep once they are queued.</param>
public sealed record SweepStep(IReadOnlyList<int> Queue, SweepState State);
