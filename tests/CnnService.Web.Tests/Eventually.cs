using System.Diagnostics;

namespace CnnService.Web.Tests;

/// <summary>Looks again until it is so, for what a service does in its own time.</summary>
internal static class Eventually
{
    /// <summary>Far longer than the slowest machine under load takes: only what never comes reaches it.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    public static async Task<T> IsAsync<T>(Func<Task<T>> look, Func<T, bool> isSo)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            var seen = await look();
            if (isSo(seen))
            {
                return seen;
            }

            Assert.True(waited.Elapsed < Limit, $"it never came to be so; last seen: {seen}");
            await Task.Delay(30);
        }
    }
}
