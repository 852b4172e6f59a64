using CnnService.Core.Architecture;

namespace CnnService.Core.Training;

/// <summary>A plan with its network, which is resolved once for all that carry it out.</summary>
/// <param name="Plan">What to train.</param>
/// <param name="Network">That of the plan.</param>
public sealed record PlannedTraining(TrainingPlan Plan, ResolvedNetwork Network);
