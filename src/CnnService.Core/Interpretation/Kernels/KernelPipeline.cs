using CnnService.Core.Common;
using CnnService.Core.Drawing.Png;
using CnnService.Core.Interpretation.Rendering;
using CnnService.Core.Models;

namespace CnnService.Core.Interpretation.Kernels;

/// <summary>
/// Kernels of a convolution, as PNG files and as numbers. Problem codes: those of <see cref="LoadedModel.ReadWeights"/>. Thread safe.
/// </summary>
/// <param name="encoder">Writes the PNG files.</param>
public sealed class KernelPipeline(IPngEncoder encoder)
{
    /// <summary>The kernel of one filter, or a labelled grid of consecutive filters.</summary>
    public Outcome<RenderedImage> Render(KernelPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return KernelWeights.Read(plan).Map(weights => RenderMetrics.Measure(
            RenderMetrics.Kernel, () => (KernelImage.Render(plan, weights, encoder), RenderOutcome.Drawn)));
    }

    /// <summary>The weights of a plan's first filter.</summary>
    public static Outcome<KernelFigures> Figures(KernelPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return KernelWeights.Read(plan).Map(weights => weights.Figures(plan.Range.First));
    }
}
