namespace CnnService.Imaging.Import;

/// <summary>
/// Notices that an import no longer gets on, because a read or a decoder is stuck where no cancellation reaches it. Thread safe.
/// </summary>
/// <param name="limit">Longest time between two files.</param>
/// <param name="clock">Provides monotonic timestamps.</param>
internal sealed class StallWatch(TimeSpan limit, TimeProvider clock)
{
    private long _movedAt = clock.GetTimestamp();
    private volatile string? _last;
    private int _elsewhere;

    /// <summary>To be called for each file that was read or decoded.</summary>
    public void Moved(string file)
    {
        _last = file;
        Volatile.Write(ref _movedAt, clock.GetTimestamp());
    }

    /// <summary>Runs what may wait for others, such as a report of progress; that time does not count.</summary>
    public void Elsewhere(Action wait)
    {
        Interlocked.Increment(ref _elsewhere);
        try
        {
            wait();
        }
        finally
        {
            Volatile.Write(ref _movedAt, clock.GetTimestamp());
            Interlocked.Decrement(ref _elsewhere);
        }
    }

    /// <summary>Awaits work that calls <see cref="Moved"/>; does not wait for it any longer once it is stalled.</summary>
    /// <exception cref="SourceStalledException">It is stalled; it may still be running, and its results are of no use.</exception>
    public async Task<T> FollowAsync<T>(Task<T> work)
    {
        using var over = new CancellationTokenSource();
        var stalled = StalledAsync(over.Token);
        if (await Task.WhenAny(work, stalled) == stalled)
        {
            _ = work.ContinueWith(left => left.Exception, TaskScheduler.Default); // Observed, whenever it ends.
            throw new SourceStalledException(_last, limit);
        }

        await over.CancelAsync();
        return await work;
    }

    private async Task StalledAsync(CancellationToken over)
    {
        while (true)
        {
            var left = Volatile.Read(ref _elsewhere) > 0 ? limit : limit - clock.GetElapsedTime(Volatile.Read(ref _movedAt));
            if (left <= TimeSpan.Zero)
            {
                return;
            }

            await Task.Delay(left, clock, over);
        }
    }
}
