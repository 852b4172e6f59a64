using CnnService.Web.Persistence;

namespace CnnService.Web.Work;

/// <summary>One attempt at leased work, as its <see cref="IWorkKind{T}"/> sees it.</summary>
/// <param name="Claim">The claim on the row.</param>
/// <param name="Renewal">Renews the lease; owned by the job runner.</param>
/// <param name="Stop">Signalled when the attempt should stop soon and keep its progress: the work was cancelled or the service is shutting
/// down.</param>
internal sealed record Attempt<T>(Claim<T> Claim, LeaseRenewal Renewal, CancellationToken Stop)
    where T : LeasedRow
{
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
    /// Runs a blocking computation on a dedicated thread. Its token is cancelled by <see cref="Lost"/> and by <see cref="Stop"/>.
    /// </summary>
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
