using CnnService.Core.Common;

namespace CnnService.Core.Interpretation.Kernels;

/// <summary>A filter's weights.</summary>
/// <param name="Layer">A convolution.</param>
/// <param name="Filter">Which.</param>
/// <param name="Shape">Input channels, height, width.</param>
/// <param name="Weights">In C order.</param>
/// <param name="LargestOfLayer">Largest magnitude of the layer.</param>
public sealed record KernelFigures(string Layer, int Filter, IReadOnlyList<int> Shape, IReadOnlyList<float> Weights, double LargestOfLayer)
{
    /// <summary>Of the first filter of a plan. Problem codes: those of reading the weights.</summary>
    public static Outcome<KernelFigures> Read(KernelPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return KernelWeights.Read(plan).Map(weights => weights.Figures(plan.Range.First));
    }
}
