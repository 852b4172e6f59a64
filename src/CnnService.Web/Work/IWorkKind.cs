using CnnService.Core.Common;
using CnnService.Web.Persistence;

namespace CnnService.Web.Work;

/// <summary>A kind of work that is carried out under a lease.</summary>
internal interface IWorkKind
{
    /// <summary>Name of the Hangfire queue that its jobs go to.</summary>
    static abstract string Queue { get; }

    /// <summary>Whether it trains, for which a worker needs its tensor library and free space.</summary>
    static virtual bool Trains => false;

    /// <summary>Name of its ids in log scopes, such as <c>RunId</c>.</summary>
    static abstract string IdName { get; }
}

/// <summary>
/// How one kind of leased work is carried out. <see cref="LeasedJobRunner{TKind, T}"/> implements what all kinds have in common.
/// </summary>
/// <typeparam name="T">Type of the rows.</typeparam>
internal interface IWorkKind<T> : IWorkKind
    where T : LeasedRow
{
    /// <summary>Attempts after which the work fails. Attempts ended by a shutdown do not count.</summary>
    int MaxTries { get; }

    /// <summary>Consecutive attempts without progress after which the work fails.</summary>
    int MaxTriesWithoutProgress { get; }

    /// <summary>The problem that work fails with once it has used up its attempts.</summary>
    Problem CrashLoop(CrashedAttempts crashed);

    /// <summary>
    /// Makes one attempt. Throws <see cref="OperationCanceledException"/> if <see cref="Attempt{T}.Lost"/> or <see cref="Attempt{T}.Stop"/>
    /// is signalled before it is done. Any other exception counts as a crash of the attempt, except for a full disk, which fails the work.
    /// </summary>
    Task<AttemptResult> ExecuteAsync(Attempt<T> attempt);

    /// <summary>
    /// Deletes the files of attempts after the work has ended or its row was deleted; the state is null in the latter case.
    /// </summary>
    Task CleanUpAsync(string id, WorkState? ended, CancellationToken cancel);
}
