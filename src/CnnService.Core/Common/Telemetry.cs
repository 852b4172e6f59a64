using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace CnnService.Core.Common;

/// <summary>Where the service measures and traces itself; who listens is the host's business.</summary>
public static class Telemetry
{
    /// <summary>Of the meter and of the activity source.</summary>
    public const string Name = "CnnService";

    public static Meter Meter { get; } = new(Name);

    public static ActivitySource Source { get; } = new(Name);
}
