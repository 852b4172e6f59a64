using CnnService.Core.Common;
using CnnService.Web.Persistence;

namespace CnnService.Web.Work;

/// <summary>How an attempt ended.</summary>
internal abstract record WorkEnd
{
    /// <summary>It has a result.</summary>
    /// <param name="Publish">Puts it where it is seen, within the change that ends the work; may be called again.</param>
    public sealed record Done(Func<StoreContext, CancellationToken, Task> Publish) : WorkEnd;

    /// <summary>It cannot be done.</summary>
    public sealed record Failed(Problem Problem) : WorkEnd;

    /// <summary>It stopped as it was told to.</summary>
    public sealed record Stopped : WorkEnd;

    /// <summary>It broke off without a word, and is to be tried again.</summary>
    public sealed record Died : WorkEnd;

    /// <summary>The end of work that gives a result or a problem.</summary>
    /// <param name="problem">Null where there is a result.</param>
    /// <param name="publish">See <see cref="Done"/>.</param>
    public static WorkEnd Of(Problem? problem, Func<StoreContext, CancellationToken, Task> publish) =>
        problem is null ? new Done(publish) : new Failed(problem);
}
