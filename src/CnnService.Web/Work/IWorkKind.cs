using CnnService.Core.Common;
using CnnService.Web.Persistence;

namespace CnnService.Web.Work;

/// <summary>A kind of work that is done on a lease.</summary>
internal interface IWorkKind
{
    /// <summary>The queue that its jobs wait in.</summary>
    static abstract string Queue { get; }

    /// <summary>What its ids are called in the scopes of the log, such as <c>RunId</c>.</summary>
    static abstract string IdName { get; }
}

/// <summary>How one kind of leased work is carried out. <see cref="LeasedJobRunner{TKind, T}"/> does all that is the same for every
/// kind.</summary>
/// <typeparam name="T">Its rows.</typeparam>
internal interface IWorkKind<T> : IWorkKind
    where T : LeasedRow
{
    /// <summary>Attempts after which it is given up, but for those that a shutdown ended.</summary>
    int MaxTries { get; }

    /// <summary>Attempts without progress after which it is given up.</summary>
    int MaxBarrenTries { get; }

    /// <summary>What work that is given up fails with.</summary>
    /// <param name="work">Its tries, the one among them that gives up.</param>
    Problem CrashLoop(LeasedWork work);

    /// <summary>
    /// One attempt. Ends with <see cref="OperationCanceledException"/> where <see cref="Attempt{T}.Lost"/> or
    /// <see cref="Attempt{T}.Stop"/> fires before it is done; any other exception counts as a death of the attempt.
    /// </summary>
    Task<WorkEnd> DoAsync(Attempt<T> attempt);

    /// <summary>Deletes what an attempt left, after its work ended so, or went: a row that is gone is null.</summary>
    Task TidyAsync(string id, WorkState? ended, CancellationToken cancel);
}
