using CnnService.Web.Persistence;

namespace CnnService.Web.Work;

/// <summary>One attempt at leased work, as its <see cref="IWorkKind{T}"/> sees it.</summary>
/// <param name="Claim">The claim on the row.</param>
/// <param name="Renewal">Renews the lease; owned by the job runner.</param>
/// <param name="Clock">Measures how long work may take to stop.</param>
/// <param name="Stop">Signalled when the attempt should stop soon and keep its progress: the work was cancelled or the service is shutting
/// down.</param>
internal sealed record Attempt<T>(Claim<T> Claim, LeaseRenewal Renewal, TimeProvider Clock, CancellationToken Stop)
    where T : LeasedRow
{
    /// <summary>How long work that was told to stop is waited for, before it is left behind.</summary>
    public static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(10);

    public string Id => Claim.Id;

    /// <summary>The row as it was when it was claimed.</summary>
    public T Row => Claim.Row;

    /// <summary>The fencing number, from 1. It names the folder that only this attempt writes to.</summary>
    public int Fence => Claim.Fence;

    /// <summary>Closed while the lease is not known to be held; to be passed between steps.</summary>
    public LeaseGate Gate => Renewal.Gate;

    /// <summary>Signalled when another worker has taken over the work or its row was deleted: nothing may be written afterwards.</summary>
    public CancellationToken Lost => Renewal.Lost;

    /// <summary>
    /// Runs a blocking computation on a dedicated thread. Its token is cancelled by <see cref="Lost"/> and by <see cref="Stop"/>; one that
    /// does not heed it is left behind.
    /// </summary>
    public Task<TResult> ComputeAsync<TResult>(Func<CancellationToken, TResult> compute) => LeavingBehindAsync(
        cancel => Task.Factory.StartNew(() => compute(cancel), cancel, TaskCreationOptions.LongRunning, TaskScheduler.Default),
        CancellationToken.None);

    /// <summary>
    /// Carries out what awaits, on threads of the pool, until one of the tokens fires first; what does not end then is left behind.
    /// </summary>
    /// <param name="run">The work; its token is cancelled by <see cref="Lost"/>, <see cref="Stop"/> and <paramref name="limit"/>.</param>
    /// <param name="limit">Ends the work too.</param>
    public Task<TResult> RunAsync<TResult>(Func<CancellationToken, Task<TResult>> run, CancellationToken limit = default) =>
        LeavingBehindAsync(cancel => Task.Run(() => run(cancel), cancel), limit);

    /// <summary>
    /// Waits for work, and a little longer once it was told to stop: what is stuck in a call that nothing can interrupt keeps its thread,
    /// not its worker. It can write only to the attempt's own folder, and can publish nothing.
    /// </summary>
    private async Task<TResult> LeavingBehindAsync<TResult>(Func<CancellationToken, Task<TResult>> start, CancellationToken limit)
    {
        // Not disposed: what is left behind may still look at its token.
        var any = CancellationTokenSource.CreateLinkedTokenSource(Lost, Stop, limit);
        var work = start(any.Token);
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = any.Token.Register(() => told.TrySetResult());
        if (await Task.WhenAny(work, told.Task) != work)
        {
            await Task.WhenAny(work, Task.Delay(StopWithin, Clock, CancellationToken.None));
            if (!work.IsCompleted)
            {
                _ = work.ContinueWith(left => left.Exception, TaskScheduler.Default); // Observed, whenever it ends.
                throw new WorkLeftBehindException(any.Token);
            }
        }

        return await work;
    }
}
