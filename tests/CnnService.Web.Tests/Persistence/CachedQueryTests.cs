using CnnService.Web.Persistence;
using Microsoft.Extensions.Time.Testing;

namespace CnnService.Web.Tests.Persistence;

/// <summary>Of questions that hang: how long callers wait, and which answer is believed.</summary>
public sealed class CachedQueryTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly List<TaskCompletionSource<string>> _asked = [];
    private readonly SemaphoreSlim _begun = new(0);
    private readonly StoreOutage _outage;
    private readonly CachedQuery<string> _answer;

    public CachedQueryTests()
    {
        _outage = new(_clock);
        _answer = new(AskAsync, answer => answer.Length > 0, _outage, _clock);
    }

    [Fact]
    public async Task Get_WhileTheQuestionHangs_GivesTheLastAnswerAfterAMoment()
    {
        await KnowAsync("old");
        _clock.Advance(CachedQuery<string>.UsableFor);
        var waiting = _answer.GetAsync();
        await _begun.WaitAsync();
        Assert.False(waiting.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(0.5));

        Assert.Equal(("old", false), await waiting);
        Assert.Equal(("old", false), await _answer.GetAsync()); // At once: the database is known to be away.
    }

    [Fact]
    public async Task Get_OfAnAnswerSomeSecondsOld_DoesNotWait()
    {
        await KnowAsync("old");
        _clock.Advance(CachedQuery<string>.FreshFor);

        Assert.Equal(("old", false), await _answer.GetAsync());
        await _begun.WaitAsync();
        _asked[^1].SetResult("new");

        Assert.Equal("new", (await Eventually.IsAsync(() => _answer.GetAsync(), got => got.Answer == "new")).Answer);
        Assert.Equal(2, _asked.Count);
    }

    [Fact]
    public async Task Get_DuringAKnownOutage_NeverWaitsAndAsksOnceInTwoSeconds()
    {
        await KnowAsync("old");
        _outage.Report();
        _clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal(("old", false), await _answer.GetAsync());
        Assert.Equal(("old", false), await _answer.GetAsync());
        await _begun.WaitAsync();
        Assert.Equal(2, _asked.Count);
        _asked[^1].SetResult("new");

        await Eventually.IsAsync(() => Task.FromResult(_outage.IsKnown), known => !known);
        Assert.Equal("new", (await _answer.GetAsync()).Answer);
    }

    [Fact]
    public async Task Get_ByMany_AsksOnce()
    {
        var callers = new[] { _answer.GetAsync(), _answer.GetAsync(), _answer.GetAsync() };
        await _begun.WaitAsync();
        Assert.Single(_asked).SetResult("new");

        Assert.All(await Task.WhenAll(callers), got => Assert.Equal("new", got.Answer));
        Assert.Single(_asked);
    }

    [Fact]
    public async Task Get_AfterAChange_WaitsForAnAnswerThatKnowsOfIt()
    {
        await KnowAsync("old");
        _clock.Advance(CachedQuery<string>.UsableFor);
        var before = _answer.GetAsync();
        await _begun.WaitAsync();
        _answer.Expire();
        var after = _answer.GetAsync();
        await _begun.WaitAsync();
        _asked[^1].SetResult("new");
        Assert.Equal("new", (await after).Answer);
        _asked[^2].SetResult("overtaken");
        await before;

        Assert.Equal(("new", false), await _answer.GetAsync());
    }

    [Fact]
    public async Task Get_WithoutAnyAnswer_IsAProblemOfTheStoreInTheEnd()
    {
        var waiting = _answer.GetAsync();
        await _begun.WaitAsync();
        _clock.Advance(TimeSpan.FromSeconds(5));

        await Assert.ThrowsAsync<StoreUnavailableException>(() => waiting);
    }

    [Fact]
    public async Task Get_OfAnAnswerThatIsNotKept_AsksAgain()
    {
        await KnowAsync(string.Empty);
        await KnowAsync("something");

        Assert.Equal(2, _asked.Count);
    }

    public void Dispose() => _begun.Dispose();

    private async Task KnowAsync(string answer)
    {
        var waiting = _answer.GetAsync();
        await _begun.WaitAsync();
        _asked[^1].SetResult(answer);
        await waiting;
    }

    private Task<string> AskAsync()
    {
        var asked = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        _asked.Add(asked);
        _begun.Release();
        return asked.Task;
    }
}
