using CnnService.Core.Interpretation.Rendering;

namespace CnnService.Core.Tests.Interpretation.Rendering;

/// <summary>A GPU that a test takes and gives back.</summary>
internal sealed class SwitchedGpu : IDrawingDevice
{
    public bool HasGpu { get; init; } = true;

    public bool HasServingGpu => HasGpu;

    public bool IsGpuFree { get; set; } = true;

    public int GivenUp { get; private set; }

    public void GiveUpGpu() => GivenUp++;
}
