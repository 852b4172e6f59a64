using System.ComponentModel.DataAnnotations;

namespace CnnService.Web.Features.Sweeps;

/// <summary>How large sweeps may be.</summary>
internal sealed class SweepOptions
{
    public const string Section = "Sweeps";

    /// <summary>Trials of one sweep; default 256.</summary>
    [Range(1, 4096)]
    public int MaxTrials { get; set; } = 256;

    /// <summary>What <c>parallel</c> may be at most; default 64.</summary>
    [Range(1, 1024)]
    public int MaxParallel { get; set; } = 64;

    /// <summary>Sweeps under way at once; default 100.</summary>
    [Range(1, 10_000)]
    public int MaxRunning { get; set; } = 100;
}
