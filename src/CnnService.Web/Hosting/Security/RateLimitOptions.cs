using System.ComponentModel.DataAnnotations;

namespace CnnService.Web.Hosting.Security;

/// <summary>How many requests a key may send.</summary>
internal sealed class RateLimitOptions
{
    public const string Section = "RateLimits";

    /// <summary>Requests a second, 1 to 100,000; default 50.</summary>
    [Range(1, 100_000)]
    public int PerSecond { get; set; } = 50;

    /// <summary>Requests at once after a pause, 1 to 100,000; default 100.</summary>
    [Range(1, 100_000)]
    public int Burst { get; set; } = 100;
}
