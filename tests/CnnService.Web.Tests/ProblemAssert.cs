using System.Net;
using System.Text.Json;

namespace CnnService.Web.Tests;

/// <summary>What every error answer of the service looks like.</summary>
internal static class ProblemAssert
{
    public static async Task<JsonElement> IsAsync(HttpResponseMessage answer, HttpStatusCode status, string? code = null)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(status == answer.StatusCode, $"expected {(int)status}, received {(int)answer.StatusCode}: {text}");
        if (answer.RequestMessage?.RequestUri?.AbsolutePath.StartsWith("/v2", StringComparison.Ordinal) == true)
        {
            return IsProtocolError(answer, text);
        }

        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = JsonSerializer.Deserialize<JsonElement>(text);
        Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
        var received = problem.GetProperty("code").GetString();
        Assert.Matches(@"\A[a-z0-9-]+(\.[a-z0-9-]+)+\z", received);
        Assert.DoesNotContain(" at CnnService", text, StringComparison.Ordinal);
        if (code is not null)
        {
            Assert.Equal(code, received);
        }

        if (status is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable)
        {
            Assert.NotNull(answer.Headers.RetryAfter);
        }

        return problem;
    }

    /// <summary>The Open Inference Protocol has a form of its own.</summary>
    private static JsonElement IsProtocolError(HttpResponseMessage answer, string text)
    {
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        var problem = JsonSerializer.Deserialize<JsonElement>(text);
        Assert.Equal("error", Assert.Single(problem.EnumerateObject()).Name);
        return problem;
    }
}
