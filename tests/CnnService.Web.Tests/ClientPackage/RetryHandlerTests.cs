using System.Net;
using System.Net.Http.Headers;
using CnnService.Client;
using Microsoft.Extensions.Time.Testing;

namespace CnnService.Web.Tests.ClientPackage;

/// <summary>Requests are repeated when the service asks for it, and not beyond what was agreed.</summary>
public sealed class RetryHandlerTests
{
    private static readonly CnnServiceConnection Connection = new() { Address = new("http://service.test"), Attempts = 3 };

    private readonly FakeTimeProvider _clock = new();

    [Theory]
    [InlineData(HttpStatusCode.TooManyRequests)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    public async Task RetryAfter_IsWaitedFor(HttpStatusCode status)
    {
        var service = new Script(Busy(status, 7), new(HttpStatusCode.OK));
        using var client = Client(service);
        var answer = client.PostAsync(new Uri("train", UriKind.Relative), new StringContent("{}"));
        await service.Asked(1);
        _clock.Advance(TimeSpan.FromSeconds(6.9));
        Assert.Equal((1, false), (service.Count, answer.IsCompleted));
        await AdvanceUntilAsync(answer);
        Assert.Equal((HttpStatusCode.OK, 2), ((await answer).StatusCode, service.Count));
        Assert.Equal(["{}", "{}"], service.Bodies);
    }

    [Fact]
    public async Task LongerThanAgreed_IsGivenToTheCaller()
    {
        var service = new Script(Busy(HttpStatusCode.TooManyRequests, 31));
        using var client = Client(service);
        using var answer = await client.GetAsync(new Uri("runs", UriKind.Relative));
        Assert.Equal((HttpStatusCode.TooManyRequests, 1), (answer.StatusCode, service.Count));
    }

    [Fact]
    public async Task Attempts_AreBounded()
    {
        var service = new Script([.. Enumerable.Range(0, 9).Select(_ => Busy(HttpStatusCode.ServiceUnavailable, null))]);
        using var client = Client(service);
        var answer = client.GetAsync(new Uri("runs", UriKind.Relative));
        await AdvanceUntilAsync(answer);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, 3), ((await answer).StatusCode, service.Count));
    }

    [Fact]
    public async Task StreamedBody_IsSentOnce()
    {
        var service = new Script(Busy(HttpStatusCode.ServiceUnavailable, 1), new(HttpStatusCode.OK));
        using var client = Client(service);
        using var stream = new MemoryStream([1, 2, 3]);
        using var form = new MultipartFormDataContent { { new StreamContent(stream), "file", "a.zip" } };
        using var answer = await client.PostAsync(new Uri("datasets", UriKind.Relative), form);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, 1), (answer.StatusCode, service.Count));
    }

    [Theory]
    [InlineData("GET", false, 2)]
    [InlineData("POST", true, 2)]
    [InlineData("POST", false, 1)]
    public async Task BrokenConnection_IsTriedAgainWhereNothingChangesTwice(string method, bool hasKey, int expected)
    {
        var service = new Script(null, new(HttpStatusCode.OK));
        using var client = Client(service);
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri("train", UriKind.Relative));
        if (hasKey)
        {
            request.Headers.Add("Idempotency-Key", "one");
        }

        var answer = client.SendAsync(request);
        await AdvanceUntilAsync(answer);
        Assert.Equal(expected == 1, answer.IsFaulted);
        Assert.Equal(expected, service.Count);
    }

    [Fact]
    public async Task OtherProblems_AreNotRepeated()
    {
        var service = new Script(new HttpResponseMessage(HttpStatusCode.InternalServerError));
        using var client = Client(service);
        using var answer = await client.GetAsync(new Uri("runs", UriKind.Relative));
        Assert.Equal((HttpStatusCode.InternalServerError, 1), (answer.StatusCode, service.Count));
    }

    [Fact]
    public async Task Download_OfAnImageThatIsBeingDrawn_WaitsForIt()
    {
        var service = new Script(
            Busy(HttpStatusCode.Accepted, 3), new(HttpStatusCode.OK) { Content = new ByteArrayContent([1, 2, 3]) });
        using var http = Client(service);
        var client = new CnnServiceClient(http) { Clock = _clock };
        var image = client.DownloadAsync("/visualize/conv_1");
        await service.Asked(1);
        _clock.Advance(TimeSpan.FromSeconds(2.9));
        Assert.False(image.IsCompleted);
        await AdvanceUntilAsync(image);
        Assert.Equal([1, 2, 3], await image);
    }

    private static HttpResponseMessage Busy(HttpStatusCode status, int? seconds)
    {
        var answer = new HttpResponseMessage(status);
        answer.Headers.RetryAfter = seconds is { } wait ? new RetryConditionHeaderValue(TimeSpan.FromSeconds(wait)) : null;
        return answer;
    }

    private HttpClient Client(Script service) => new(new RetryHandler(Connection, _clock) { InnerHandler = service })
    {
        BaseAddress = Connection.Address,
    };

    /// <summary>Lets the fake time pass for as long as somebody waits for it.</summary>
    private async Task AdvanceUntilAsync(Task task)
    {
        while (!task.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
    }

    /// <summary>Gives answers one after the other; null stands for a broken connection.</summary>
    private sealed class Script(params HttpResponseMessage?[] answers) : HttpMessageHandler
    {
        private readonly List<TaskCompletionSource> _asked = [.. answers.Select(_ => new TaskCompletionSource())];

        public int Count { get; private set; }

        public List<string> Bodies { get; } = [];

        public Task Asked(int times) => _asked[times - 1].Task;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Content is { } body)
            {
                Bodies.Add(await body.ReadAsStringAsync(cancellationToken));
            }

            _asked[Count].SetResult();
            return answers[Count++] ?? throw new HttpRequestException("broken");
        }
    }
}
