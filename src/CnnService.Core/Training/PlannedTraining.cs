using CnnService.Core.Architecture;
using CnnService.Core.Models;

namespace CnnService.Core.Training;

/// <summary>A training plan with its network, which is resolved once for all steps that use it. Immutable.</summary>
/// <param name="Plan">The validated plan.</param>
/// <param name="Network">The plan's network, resolved.</param>
public sealed record PlannedTraining(TrainingPlan Plan, ResolvedNetwork Network)
{
    /// <summary>Weights to start from in the place of those that the plan names; null: there are none.</summary>
    public NamedWeights? Weights { get; init; }
}
