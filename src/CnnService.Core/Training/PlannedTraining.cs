using CnnService.Core.Architecture;
using CnnService.Core.Datasets;
using CnnService.Core.Models;

namespace CnnService.Core.Training;

/// <summary>A training plan with its network, which is resolved once for all steps that use it. Immutable.</summary>
/// <param name="Plan">The validated plan.</param>
/// <param name="Network">The plan's network, resolved.</param>
public sealed record PlannedTraining(TrainingPlan Plan, ResolvedNetwork Network)
{
    /// <summary>Weights to start from in the place of those that the plan names; null: there are none.</summary>
    public NamedWeights? Weights { get; init; }

    /// <summary>The data set's <see cref="DatasetManifest.LabelSets"/>, once it is read; null where an image has one label.</summary>
    public IReadOnlyList<IReadOnlyList<int>>? LabelSets { get; init; }
}
