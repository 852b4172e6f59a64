using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace CnnService.Web.Tests.Api.Security;

public class UnknownKeysTests
{
    private static readonly IPAddress Attacker = IPAddress.Parse("192.0.2.7");

    private readonly FakeTimeProvider _clock = new();
    private readonly ListLog _log = new();
    private readonly UnknownKeys _keys;

    public UnknownKeysTests() => _keys = new(Options.Create(new LimitOptions { UnknownKeysPerMinute = 3 }), _clock, _log);

    [Fact]
    public void Count_MoreThanAllowedInAMinute_IsRefusedForThatAddressUntilTheMinuteIsOver()
    {
        Assert.All(Enumerable.Range(0, 3), _ => Assert.Null(_keys.Count(Attacker)));
        _clock.Advance(TimeSpan.FromSeconds(20));

        var refused = _keys.Count(Attacker);
        Assert.Equal("auth.too-many", refused?.Code);
        Assert.Equal(TimeSpan.FromSeconds(40), refused?.RetryAfter);
        Assert.Null(_keys.Count(IPAddress.Parse("192.0.2.8")));
        _clock.Advance(TimeSpan.FromSeconds(40));
        Assert.Null(_keys.Count(Attacker));
    }

    [Fact]
    public void Count_AThousandInAMinute_IsOneLine_AndTheNextTellsHowMany()
    {
        for (var i = 0; i < 1000; i++)
        {
            _keys.Count(Attacker);
        }

        Assert.Single(_log.Lines);
        _clock.Advance(TimeSpan.FromMinutes(1));
        _keys.Count(Attacker);

        Assert.Equal(2, _log.Lines.Count);
        Assert.Equal("A request with an unknown key came from 192.0.2.7; 999 others came since the last such message.", _log.Lines[1]);
    }

    [Fact]
    public void Count_AddressesOfOneIPv6Network_CountTogether()
    {
        for (var i = 0; i < 3; i++)
        {
            Assert.Null(_keys.Count(IPAddress.Parse($"2001:db8:0:1::{i}")));
        }

        Assert.NotNull(_keys.Count(IPAddress.Parse("2001:db8:0:1:ffff::1")));
        Assert.Null(_keys.Count(IPAddress.Parse("2001:db8:0:2::1")));
    }

    [Fact]
    public async Task UnknownKey_TooOften_Is429_AndKnownOnesPass()
    {
        await using var service = new CnnServiceApplication(new(Keys.Settings()) { ["Limits:UnknownKeysPerMinute"] = "2" });

        HttpStatusCode[] unknown = [
            await SendAsync(service, "nobody"), await SendAsync(service, "nobody"), await SendAsync(service, "nobody")];

        Assert.Equal([HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.TooManyRequests], unknown);
        Assert.Equal(HttpStatusCode.OK, await SendAsync(service, "read"));
    }

    private static async Task<HttpStatusCode> SendAsync(CnnServiceApplication service, string scope)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, CnnServiceApplication.Relative("runs"));
        request.Headers.Add("X-Api-Key", Keys.Of(scope));
        using var answer = await service.Client.SendAsync(request);
        return answer.StatusCode;
    }

    private sealed class ListLog : ILogger<UnknownKeys>
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add(formatter(state, exception));
    }
}
