using System.Globalization;

namespace CnnService.Web.Work;

/// <summary>A command from the service to the training process: one line of text.</summary>
internal abstract record ChildCommand
{
    private const string CancelLine = "cancel";
    private const string FinishLine = "finish";
    private const string LeaseWord = "lease";

    public abstract string ToLine();

    /// <summary>Parses a line; null if it is not a command.</summary>
    public static ChildCommand? Parse(string line) => line.Split(' ') switch
    {
        [CancelLine] => new ChildCancel(),
        [FinishLine] => new ChildFinish(),
        [LeaseWord, var fence, var until] when int.TryParse(fence, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && long.TryParse(until, NumberStyles.None, CultureInfo.InvariantCulture, out var timestamp) =>
            new ChildLease(number, timestamp),
        _ => null,
    };

    /// <summary>Formats a command as a line.</summary>
    protected static string Line(ChildCommand command) => command switch
    {
        ChildLease lease => $"{LeaseWord} {lease.Fence} {lease.Until}",
        ChildFinish => FinishLine,
        _ => CancelLine,
    };
}

/// <summary>Write a checkpoint and exit.</summary>
internal sealed record ChildCancel : ChildCommand
{
    public override string ToLine() => Line(this);
}

/// <summary>End the training and publish the best epoch.</summary>
internal sealed record ChildFinish : ChildCommand
{
    public override string ToLine() => Line(this);
}

/// <summary>
/// Heartbeat: the lease was renewed. Its end is sent as an absolute timestamp of the clock that all processes of a machine share
/// (<see cref="System.Diagnostics.Stopwatch"/>), so that a line that is read late does not extend the lease.
/// </summary>
/// <param name="Fence">The attempt's fencing number.</param>
/// <param name="Until">Stopwatch timestamp at which the lease ends; <see cref="long.MaxValue"/>: it never ends.</param>
internal sealed record ChildLease(int Fence, long Until) : ChildCommand
{
    public override string ToLine() => Line(this);
}
