using CnnService.Core.Common;
using CnnService.Core.Drawing.Figures;
using CnnService.Core.Interpretation.Rendering;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation.Kernels;

/// <summary>
/// Kernels of a convolution, as figures and as numbers. Problem codes: those of <see cref="LoadedModel.ReadWeights"/>. Thread safe.
/// </summary>
public sealed class KernelPipeline
{
    /// <summary>The kernel of one filter, or a labelled grid of consecutive filters.</summary>
    public static Outcome<DrawnFigure> Render(KernelPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return KernelWeights.Read(plan).Map(weights => RenderMetrics.Measure(
            RenderMetrics.Kernel, () => (KernelImage.Render(plan, weights), RenderOutcome.Drawn)));
    }

    /// <summary>The weights of a plan's first filter.</summary>
    public static Outcome<KernelFigures> Figures(KernelPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return KernelWeights.Read(plan).Map(weights => weights.Figures(plan.Range.First));
    }
}
