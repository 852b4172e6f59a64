using System.Diagnostics;
using CnnService.Core.Classification;
using CnnService.Core.Common;
using CnnService.Engines;

namespace CnnService.Web.Work;

/// <summary>The part of the GPU that this worker's processes have, and that it is in use while one of them trains. Thread safe.</summary>
/// <param name="division">Divides the memory.</param>
/// <param name="serving">The other user.</param>
/// <param name="use">Tells those who draw.</param>
internal sealed class GpuShare(GpuDivision division, IServingDevice serving, GpuUse use)
{
    /// <summary>Marks the GPU as in use until disposed.</summary>
    public IDisposable Begin() => use.Begin();

    /// <summary>Holds a process that is about to start to its part.</summary>
    public void PassTo(ProcessStartInfo start) => division.PassTo(start.Environment, serving);
}
