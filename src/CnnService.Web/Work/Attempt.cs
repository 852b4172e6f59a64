using CnnService.Web.Persistence;

namespace CnnService.Web.Work;

/// <summary>One attempt at leased work, as its kind sees it.</summary>
/// <param name="Claim">The hold on the row.</param>
/// <param name="Keeper">Of the lease.</param>
/// <param name="Stop">Fires when it is to end soon, what is done kept: it was cancelled, or the service shuts down.</param>
internal sealed record Attempt<T>(Claim<T> Claim, LeaseRenewal Keeper, CancellationToken Stop)
    where T : LeasedRow
{
    public string Id => Claim.Id;

    /// <summary>As it was when it was claimed.</summary>
    public T Row => Claim.Row;

    /// <summary>The fencing number, from 1: the name of the folder that this attempt alone writes in.</summary>
    public int Fence => Claim.Fence;

    /// <summary>Closed while the lease is not known to hold: to be passed between steps.</summary>
    public LeaseGate Gate => Keeper.Gate;

    /// <summary>Fires when another worker has the work, or the work is gone: nothing is to be written any more.</summary>
    public CancellationToken Lost => Keeper.Lost;

    /// <summary>Carries out what blocks on a thread of its own, which ends on whichever of the two tokens fires first.</summary>
    public async Task<TResult> ComputeAsync<TResult>(Func<CancellationToken, TResult> compute)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(Lost, Stop);
        var cancel = either.Token;
        return await Task.Factory.StartNew(() => compute(cancel), cancel, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Carries out what awaits, on threads of the pool, until whichever of the two tokens fires first.</summary>
    public async Task<TResult> RunAsync<TResult>(Func<CancellationToken, Task<TResult>> run)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(Lost, Stop);
        var cancel = either.Token;
        return await Task.Run(() => run(cancel), cancel);
    }
}
