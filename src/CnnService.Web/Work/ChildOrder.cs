using System.Globalization;

namespace CnnService.Web.Work;

/// <summary>What the service tells a training process: a line each.</summary>
internal abstract record ChildOrder
{
    private const string CancelLine = "cancel";
    private const string LeaseWord = "lease";

    public abstract string ToLine();

    /// <summary>The order of a line; null for a line that is none.</summary>
    public static ChildOrder? Parse(string line) => line.Split(' ') switch
    {
        [CancelLine] => new ChildCancel(),
        [LeaseWord, var fence, var until] when int.TryParse(fence, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && long.TryParse(until, NumberStyles.None, CultureInfo.InvariantCulture, out var timestamp) =>
            new ChildLease(number, timestamp),
        _ => null,
    };

    /// <summary>The words of a line.</summary>
    protected static string Line(ChildOrder order) => order is ChildLease lease
        ? $"{LeaseWord} {lease.Fence} {lease.Until}"
        : CancelLine;
}

/// <summary>Write a checkpoint and end.</summary>
internal sealed record ChildCancel : ChildOrder
{
    public override string ToLine() => Line(this);
}

/// <summary>
/// The heartbeat: the lease was renewed. What is left of it is told as the moment at which it ends, by the clock that all processes of a
/// machine share (<see cref="System.Diagnostics.Stopwatch"/>): a line that is read late promises no more than one read at once.
/// </summary>
/// <param name="Fence">The fencing number.</param>
/// <param name="Until">A timestamp; the highest there is: it never ends.</param>
internal sealed record ChildLease(int Fence, long Until) : ChildOrder
{
    public override string ToLine() => Line(this);
}
