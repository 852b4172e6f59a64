using CnnService.Core.Training;

namespace CnnService.Core.Tests.Training;

public sealed class RunStatesTests
{
    // Rows: from; columns: to, in the order of the enumeration.
    private static readonly string[] Allowed =
    [
        /* queued    */ " r fc",
        /* running   */ "q sfc",
        /* succeeded */ "     ",
        /* failed    */ "q    ",
        /* cancelled */ "q    ",
    ];

    [Fact]
    public void MayBecome_EveryPair_IsTheTable()
    {
        foreach (var from in Enum.GetValues<RunState>())
        {
            foreach (var to in Enum.GetValues<RunState>())
            {
                Assert.True(Allowed[(int)from][(int)to] != ' ' == from.MayBecome(to), $"{from} to {to}");
            }
        }
    }

    [Fact]
    public void IsFinal_EveryState_IsWhatNothingButAResumeLeaves() =>
        Assert.Equal([RunState.Succeeded, RunState.Failed, RunState.Cancelled], Enum.GetValues<RunState>().Where(state => state.IsFinal()));
}
