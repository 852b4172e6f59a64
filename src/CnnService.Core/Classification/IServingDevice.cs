using CnnService.Core.Common;

namespace CnnService.Core.Classification;

/// <summary>The device that runs published models.</summary>
public interface IServingDevice
{
    /// <summary>
    /// <c>cpu</c> or <c>cuda</c>. Problem code: <c>serving.device-missing</c>, if the configured device is not available.
    /// </summary>
    Outcome<string> Device { get; }

    /// <summary>Why models run on the processor where a GPU would have been used, one sentence; null if none would, or one is.</summary>
    string? Note { get; }
}
