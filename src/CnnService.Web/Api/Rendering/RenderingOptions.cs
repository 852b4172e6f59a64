using System.ComponentModel.DataAnnotations;

namespace CnnService.Web.Api.Rendering;

/// <summary>
/// Bounds of what is drawn and measured on request. They hold for long work (patterns, class images, films, scans, projections) and, on
/// their own, for work of a moment (feature maps, heat maps by gradients), so that the latter never waits for the former.
/// </summary>
internal sealed class RenderingOptions
{
    public const string Section = "Rendering";

    /// <summary>Renderings that run at once, of all callers together. 1 to 64, default 2.</summary>
    [Range(1, 64)]
    public int AtOnce { get; set; } = 2;

    /// <summary>Renderings of one caller, an API key, that run at once. 1 to 64, default 1.</summary>
    [Range(1, 64)]
    public int PerCaller { get; set; } = 1;

    /// <summary>Renderings of one caller that wait for their turn; further ones get 429. 1 to 1000, default 16.</summary>
    [Range(1, 1000)]
    public int Waiting { get; set; } = 16;

    /// <summary>
    /// A rendering that nobody waits for, or has asked for again for this long, is given up. 1 s to 1 h, default 1 min.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan AbandonAfter { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Time limit of a rendering, from its turn on. 1 s to 1 d, default 10 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan TimeLimit { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Time limit of a request for work of a moment: decoding its image, waiting for its turn, and drawing. 100 ms to 10 min, default 10 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan MomentTimeLimit { get; set; } = TimeSpan.FromSeconds(10);
}
