using CnnService.Core.Common;
using CnnService.Web.Resources;

namespace CnnService.Web.Features.Explain;

/// <summary>Explains two pictures at once, and lets a few more wait: each may take seconds of all cores.</summary>
internal sealed class ExplainSlots() : BoundedSlots(
    AtOnce, MostWaiting, new Problem(ProblemKind.Unavailable, "explain.busy", $"{MostWaiting} explanations are waiting already."))
{
    private const int AtOnce = 2;
    private const int MostWaiting = 16;
}
