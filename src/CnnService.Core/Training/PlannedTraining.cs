using CnnService.Core.Architecture;

namespace CnnService.Core.Training;

/// <summary>A training plan with its network, which is resolved once for all steps that use it. Immutable.</summary>
/// <param name="Plan">The validated plan.</param>
/// <param name="Network">The plan's network, resolved.</param>
public sealed record PlannedTraining(TrainingPlan Plan, ResolvedNetwork Network);
