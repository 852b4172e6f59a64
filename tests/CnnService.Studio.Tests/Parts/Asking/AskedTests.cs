using CnnService.Studio.Parts.Asking;

namespace CnnService.Studio.Tests.Parts.Asking;

public sealed class AskedTests
{
    [Fact]
    public async Task AskAsync_NewerQuestion_EndsTheOlderOne()
    {
        var answers = new List<string?>();
        Asked<string>? asked = null;
        using var _ = asked = new(() => answers.Add(asked!.Answer));
        var slow = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var wasEnded = false;

        var first = asked.AskAsync(cancel =>
        {
            cancel.Register(() => wasEnded = true);
            return slow.Task;
        });
        await asked.AskAsync(_ => Task.FromResult("new"));
        slow.SetResult("old");
        await first;

        Assert.True(wasEnded);
        Assert.Equal("new", asked.Answer);
        Assert.DoesNotContain("old", answers);
        Assert.False(asked.IsAsking);
    }

    [Fact]
    public async Task AskAsync_ExpectedFailure_IsKept()
    {
        using var asked = new Asked<string>(() => { });

        await asked.AskAsync(_ => throw new HttpRequestException("no answer"));

        Assert.Equal("no answer", asked.Failure!.Message);
        Assert.Null(asked.Answer);
    }

    [Fact]
    public async Task AskAsync_FaultOfTheProgram_IsThrown()
    {
        using var asked = new Asked<string>(() => { });

        await Assert.ThrowsAsync<InvalidOperationException>(() => asked.AskAsync(_ => throw new InvalidOperationException()));
    }

    [Fact]
    public async Task AskAsync_KeepingTheLast_ShowsItMeanwhile()
    {
        using var asked = new Asked<string>(() => { });
        await asked.AskAsync(_ => Task.FromResult("first"));
        var next = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);

        var asking = asked.AskAsync(_ => next.Task, true);

        Assert.Equal(("first", true), (asked.Answer, asked.IsAsking));
        next.SetResult("second");
        await asking;
        Assert.Equal("second", asked.Answer);
    }
}
