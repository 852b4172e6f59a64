using CnnService.Web.Persistence;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace CnnService.Web.Tests.Persistence;

/// <summary>What the log is told of an outage.</summary>
public sealed class StoreAvailabilityTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly OutageFlag _flag = new();
    private readonly Lines _lines = new();
    private readonly StoreAvailability _availability;

    public StoreAvailabilityTests() => _availability = new(_flag, _clock, _lines);

    [Fact]
    public void Outage_IsToldOnce_ThenCountedEachMinute_ThenToldToBeOver()
    {
        for (var second = 0; second < 90; second++)
        {
            Fail();
            Fail();
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.True(_flag.IsAway);
        Assert.Equal(2, _lines.Count);
        Assert.Contains("gone Reason: no route Failed operations so far: 1;", _lines[0], StringComparison.Ordinal);
        Assert.Contains("so far: 121;", _lines[1], StringComparison.Ordinal);

        _availability.Answered();
        _availability.Answered();

        Assert.False(_flag.IsAway);
        Assert.Equal("The database answers again, after 90.0 s in which 180 operations failed", Assert.Single(_lines.Skip(2)));
    }

    [Fact]
    public void Failures_BetweenSuccesses_AreToldAtMostEachMinute()
    {
        for (var second = 0; second < 60; second++)
        {
            Fail();
            _availability.Answered();
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(2, _lines.Count);
        Assert.Contains("gone", _lines[0], StringComparison.Ordinal);
        Assert.Contains("answers again", _lines[1], StringComparison.Ordinal);
    }

    private void Fail() => _availability.Failed(new StoreUnavailableException("gone", new TimeoutException("no route")));

    private sealed class Lines : List<string>, ILogger<StoreAvailability>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Add(formatter(state, exception));
    }
}
