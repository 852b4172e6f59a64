using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace CnnService.Core.Common;

/// <summary>The service's meter and activity source; exporters are configured by the host.</summary>
public static class Telemetry
{
    /// <summary>Name of both the meter and the activity source.</summary>
    public const string Name = "CnnService";

    public static Meter Meter { get; } = new(Name);

    public static ActivitySource ActivitySource { get; } = new(Name);
}
