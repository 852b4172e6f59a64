namespace CnnService.Web.Monitoring;

/// <summary>Selects a share of items evenly: with 0.25 every fourth. Thread safe.</summary>
/// <param name="share">Share to select, 0–1.</param>
internal sealed class Sampler(double share)
{
    private long _seen;

    /// <summary>Whether the next item is selected.</summary>
    public bool Next()
    {
        var number = Interlocked.Increment(ref _seen);
        return Math.Floor(number * share) > Math.Floor((number - 1) * share);
    }
}
