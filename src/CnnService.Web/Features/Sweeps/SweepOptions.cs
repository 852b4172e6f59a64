using System.ComponentModel.DataAnnotations;

namespace CnnService.Web.Features.Sweeps;

/// <summary>Limits of sweeps.</summary>
internal sealed class SweepOptions
{
    public const string Section = "Sweeps";

    /// <summary>Maximum number of trials per sweep; default 256.</summary>
    [Range(1, 4096)]
    public int MaxTrials { get; set; } = 256;

    /// <summary>Maximum of <c>parallel</c>; default 64.</summary>
    [Range(1, 1024)]
    public int MaxParallel { get; set; } = 64;

    /// <summary>Maximum number of running sweeps; default 100.</summary>
    [Range(1, 10_000)]
    public int MaxRunning { get; set; } = 100;
}
