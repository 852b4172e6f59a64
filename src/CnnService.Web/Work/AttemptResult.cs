using CnnService.Core.Common;
using CnnService.Web.Persistence;

namespace CnnService.Web.Work;

/// <summary>How an attempt ended.</summary>
internal abstract record AttemptResult
{
    /// <summary>The work succeeded.</summary>
    /// <param name="Publish">Publishes the result within the transaction that ends the work; may be called again.</param>
    public sealed record Done(Func<StoreContext, CancellationToken, Task> Publish) : AttemptResult;

    /// <summary>The work failed and is not retried.</summary>
    public sealed record Failed(Problem Problem) : AttemptResult;

    /// <summary>The attempt stopped as requested.</summary>
    public sealed record Stopped : AttemptResult;

    /// <summary>The database did not answer. The attempt does not count; the work is retried after a pause.</summary>
    public sealed record Interrupted : AttemptResult;

    /// <summary>The attempt crashed and is to be retried after a pause, unless it was the last one.</summary>
    /// <param name="LastWords">See <see cref="CrashedAttempts"/>.</param>
    public sealed record Died(string? LastWords) : AttemptResult;

    /// <summary>The end of work that yields a result or a problem.</summary>
    /// <param name="problem">Null if it succeeded.</param>
    /// <param name="publish">See <see cref="Done"/>.</param>
    public static AttemptResult From(Problem? problem, Func<StoreContext, CancellationToken, Task> publish) =>
        problem is null ? new Done(publish) : new Failed(problem);
}
