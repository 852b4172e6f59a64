namespace CnnService.Web.Features.Monitoring;

/// <summary>The time over which served predictions are compared: whole hours, the present one among them.</summary>
/// <param name="Hours">Number of hours, at least 1.</param>
/// <param name="From">The start of the first hour (UTC).</param>
/// <param name="To">The present time (UTC).</param>
internal sealed record DriftWindow(int Hours, DateTimeOffset From, DateTimeOffset To)
{
    public static DriftWindow Last(int hours, DateTimeOffset now) =>
        new(hours, DateTimeOffset.FromUnixTimeSeconds(((now.ToUnixTimeSeconds() / 3600) + 1 - hours) * 3600), now);
}
