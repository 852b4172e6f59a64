using CnnService.Core.Common;

namespace CnnService.Web.Api.Rendering;

/// <summary>
/// The time limit of a request for work of a moment, from its first step on: decoding its image, waiting for its turn, and drawing. It is
/// the request's, so that steps do not each have a limit of their own. Thread safe.
/// </summary>
internal sealed class MomentLimit : IDisposable
{
    private readonly CancellationTokenSource _over;
    private readonly TimeSpan _duration;

    public MomentLimit(TimeSpan duration, TimeProvider clock) => (_over, _duration) = (new(duration, clock), duration);

    /// <summary>Cancelled when the time is over.</summary>
    public CancellationToken Over => _over.Token;

    /// <summary>What the client is told then: <c>render.timeout</c> (504).</summary>
    public Problem Exceeded() => new(
        ProblemKind.Timeout, "render.timeout",
        $"It was not drawn within {_duration.TotalSeconds:0.##} s: ask again when the service has less to do.");

    public void Dispose() => _over.Dispose();
}
