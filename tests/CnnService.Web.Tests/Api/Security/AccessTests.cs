using System.Net;
using Microsoft.AspNetCore.Http.Metadata;

namespace CnnService.Web.Tests.Api.Security;

/// <summary>Who may call what. A new endpoint is red here until someone has said who may call it.</summary>
public class AccessTests(KeyedApplication keyed) : IClassFixture<KeyedApplication>
{
    private const string NoKey = "without a key";

    private readonly CnnServiceApplication _service = keyed.Service;

    [Fact]
    public async Task EveryEndpoint_ByEveryKey_AnswersAsApproved()
    {
        var lines = new List<string>();
        foreach (var route in ServiceRoute.Of(_service))
        {
            var allowed = new List<string>();
            foreach (var scope in Keys.Scopes.Prepend(NoKey))
            {
                if (await SendAsync(route, scope == NoKey ? null : Keys.Of(scope))
                    is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden))
                {
                    allowed.Add(scope);
                }
            }

            lines.Add($"{route}: {string.Join(", ", allowed)}");
        }

        ApprovedText.Matches("access.txt", string.Join('\n', lines));
    }

    [Fact]
    public async Task EveryClosedEndpoint_UnknownKey_Is401()
    {
        foreach (var route in ServiceRoute.Of(_service))
        {
            if (await SendAsync(route, key: null) == HttpStatusCode.Unauthorized)
            {
                Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(route, Keys.Of("nobody")));
            }
        }
    }

    [Theory]
    [InlineData("Authorization", "Bearer {0}")]
    [InlineData("Authorization", "bearer {0}")]
    [InlineData("X-Api-Key", "{0}")]
    public async Task Key_InEitherHeader_IsTaken(string header, string form)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, CnnServiceApplication.Relative("runs"));
        request.Headers.TryAddWithoutValidation(header, form.Replace("{0}", Keys.Of("read"), StringComparison.Ordinal));
        using var answer = await _service.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("runs?key={0}")]
    [InlineData("runs?apiKey={0}")]
    [InlineData("runs?access_token={0}")]
    public async Task Key_InTheAddress_IsNotTaken(string address)
    {
        using var answer = await _service.Client.GetAsync(
            CnnServiceApplication.Relative(address.Replace("{0}", Keys.Of("admin"), StringComparison.Ordinal)));
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task NoKey_TellsHowToSendOne()
    {
        using var answer = await _service.Client.GetAsync(CnnServiceApplication.Relative("runs"));
        await ProblemAssert.IsAsync(answer, HttpStatusCode.Unauthorized, "auth.required");
        Assert.NotEmpty(answer.Headers.WwwAuthenticate);
    }

    [Fact]
    public async Task UnknownAddress_WithKey_Is404()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, CnnServiceApplication.Relative("no/such/address"));
        request.Headers.Add("X-Api-Key", Keys.Of("read"));
        using var answer = await _service.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    private async Task<HttpStatusCode> SendAsync(ServiceRoute route, string? key)
    {
        using var request = route.Request();
        if (route.Endpoint.Metadata.GetMetadata<IAcceptsMetadata>()?.ContentTypes.Contains("image/*") == true)
        {
            // Without its media type an image would not reach the route that takes it.
            request.Content = new ByteArrayContent([]) { Headers = { ContentType = new("image/png") } };
        }

        if (key is not null)
        {
            request.Headers.Add("X-Api-Key", key);
        }

        using var answer = await _service.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.NotEqual(HttpStatusCode.InternalServerError, answer.StatusCode);
        return answer.StatusCode;
    }
}
