using CnnService.Core.Classification;
using CnnService.Core.Common;
using CnnService.Core.Interpretation.Rendering;
using CnnService.Core.Training;

namespace CnnService.Engines;

/// <inheritdoc cref="IDrawingDevice"/>
/// <param name="torch">Tells whether there is a GPU for patterns.</param>
/// <param name="serving">Tells whether there is one for explanations.</param>
/// <param name="use">Tells whether a training has it.</param>
/// <param name="division">Tells whether drawing has a part of its memory.</param>
/// <param name="time">Ends the time in which the GPU is left alone.</param>
/// <param name="logger">Is told of each change.</param>
internal sealed partial class DrawingDevice(
    ITorchRuntime torch, IServingDevice serving, GpuUse use, GpuDivision division, TimeProvider time, ILogger<DrawingDevice> logger)
    : IDrawingDevice
{
    private static readonly TimeSpan Rest = TimeSpan.FromMinutes(10);

    private readonly Lock _gate = new();
    private readonly Lazy<bool> _hasGpu = new(() => division.Drawing > 0 && torch.Status.Match(
        info => info.Devices.Any(GpuDivision.IsGpu), _ => false));

    private bool? _isFree; // As logged last; guarded by _gate.
    private long? _givenUp; // Guarded by _gate.

    public bool HasGpu => _hasGpu.Value;

    public bool HasServingGpu => serving.Device.Match(GpuDivision.IsGpu, _ => false);

    public bool IsGpuFree
    {
        get
        {
            lock (_gate)
            {
                var isResting = _givenUp is { } since && time.GetElapsedTime(since) < Rest;
                var isFree = use.IsFree && !isResting;
                if (_isFree != isFree && (HasGpu || HasServingGpu))
                {
                    _isFree = isFree;
                    Tell(isFree, isResting);
                }

                return isFree;
            }
        }
    }

    public void GiveUpGpu()
    {
        lock (_gate)
        {
            _givenUp = time.GetTimestamp();
        }
    }

    private void Tell(bool isFree, bool isResting)
    {
        if (isFree)
        {
            LogGpu();
        }
        else if (isResting)
        {
            LogNoMemory(Rest.TotalMinutes);
        }
        else
        {
            LogTraining();
        }
    }
}
