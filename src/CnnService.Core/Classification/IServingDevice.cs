using CnnService.Core.Common;

namespace CnnService.Core.Classification;

/// <summary>Where published models are run.</summary>
public interface IServingDevice
{
    /// <summary>cpu or cuda. Problem code: <c>serving.device-missing</c>, where what was asked for is not there.</summary>
    Outcome<string> Device { get; }
}
