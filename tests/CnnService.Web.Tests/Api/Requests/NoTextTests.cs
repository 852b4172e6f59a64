using System.Net;
using System.Net.Http.Headers;
using System.Reflection;
using System.Text;
using Microsoft.AspNetCore.Http.Metadata;

namespace CnnService.Web.Tests.Api.Requests;

/// <summary>Text that is none, and names given twice, wherever text is taken: refused with the place.</summary>
public sealed class NoTextTests(CnnServiceApplication service) : IClassFixture<CnnServiceApplication>
{
    private const string Boundary = "b";

    public static TheoryData<byte[], string> Bodies => new()
    {
        { [.. "{\"name\":\"a"u8, 0xFF, .. "\"}"u8], "name must be UTF-8" },
        { """{"name":"\ud800"}"""u8.ToArray(), "name must be text" },
        { """{"\udfff":1}"""u8.ToArray(), "? must have a name" },
        { """{"name":"a","x":{"name":1,"name":2}}"""u8.ToArray(), "x.name must be given once" },
        { """{"name":"\u0000"}"""u8.ToArray(), "U+0000" },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task EveryJsonOperation_RefusesItWithThePlace(byte[] body, string told)
    {
        var refused = new List<string>();
        foreach (var route in ServiceRoute.Of(service).Where(route => TakesJson(route) && !route.Pattern.Contains("{model}")))
        {
            using var request = route.Request();
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using var answer = await service.Client.SendAsync(request);
            var text = await answer.Content.ReadAsStringAsync();
            Assert.True((int)answer.StatusCode is 400 or 404, $"{route}: {(int)answer.StatusCode} {text}");
            if (answer.StatusCode == HttpStatusCode.BadRequest)
            {
                Assert.Contains(told, text, StringComparison.Ordinal);
                refused.Add($"{route}");
            }
        }

        Assert.True(refused.Count >= 9, string.Join('\n', refused)); // Some look for their model or data set first, which is not there.
    }

    [Fact]
    public async Task EveryQuery_RefusesAParameterGivenTwiceOrNotInUtf8()
    {
        var count = 0;
        foreach (var route in ServiceRoute.Of(service))
        {
            if (route.Endpoint.Metadata.GetMetadata<MethodInfo>() is not { } handler
                || RequestParameter.ReadAll(handler).FirstOrDefault(one => IsInQuery(route, one)) is not { } named)
            {
                continue;
            }

            foreach (var (query, told) in ((string, string)[])
                [($"{named.Name}=1&{named.Name}=1", "must be given once"), ($"{named.Name}=%FF", "must be UTF-8"),
                    ($"{named.Name}=a%00", "U+0000")])
            {
                using var request = new HttpRequestMessage(
                    new HttpMethod(route.Method), CnnServiceApplication.Relative($"{route.Path()}?{query}"));
                using var answer = await service.Client.SendAsync(request);
                if (route.Method != "HEAD")
                {
                    Assert.Contains($"{named.Name}", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
                    Assert.Contains(told, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
                }

                Assert.True(answer.StatusCode == HttpStatusCode.BadRequest, $"{route}?{query}: {(int)answer.StatusCode}");
                count++;
            }
        }

        Assert.InRange(count, 150, int.MaxValue);
    }

    [Theory]
    [InlineData("/models", "name", "a", "name", "b", "the part 'name' must be given once")]
    [InlineData("/datasets", "name", "a", "name", "a", "the part 'name' must be given once")]
    [InlineData("/models", "name", "a", "labels", "\u00FF", "the field 'labels' must be UTF-8 text")]
    [InlineData("/datasets", "name", "\u00C3", "x", "x", "the field 'name' must be UTF-8 text")]
    [InlineData("/models", "name", "a", "", "x", "a part has no name")]
    public async Task StreamedForm_WithSuchParts_IsRefused(
        string path, string first, string firstValue, string second, string secondValue, string told)
    {
        using var form = Form([("file", "x"), (first, firstValue), (second, secondValue)]);
        using var answer = await service.Client.PostAsync(CnnServiceApplication.Relative(path), form);
        var problem = await ProblemAssert.IsAsync(answer, HttpStatusCode.BadRequest, "request.malformed");
        Assert.Contains(told, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("split", "train", "split", "test", "split", "must be given once")]
    [InlineData("class", "d\u00FFgs", "split", "train", "class", "must be UTF-8 text")]
    [InlineData("class", "dogs", "model", "m", "model", "is not a field here; the fields are split, class, files")]
    [InlineData("class", "dogs", "splt", "train", "splt", "is not a field here; did you mean split? The fields are split, class, files")]
    public async Task ImageForm_WithSuchFields_IsRefused(
        string first, string firstValue, string second, string secondValue, string path, string told)
    {
        using var form = Form([(first, firstValue), (second, secondValue)]);
        using var answer = await service.Client.PostAsync(CnnServiceApplication.Relative("/datasets/none/images"), form);
        var problem = await ProblemAssert.IsAsync(answer, HttpStatusCode.BadRequest, "request.invalid");
        Assert.Contains(told, problem.GetProperty("errors").GetProperty(path)[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TenThousandFileParts_AreRefusedAtTheSecond()
    {
        using var form = Form([.. Enumerable.Repeat(("file", "x"), 10_000)]);
        using var answer = await service.Client.PostAsync(CnnServiceApplication.Relative("/models"), form);
        await ProblemAssert.IsAsync(answer, HttpStatusCode.BadRequest, "request.malformed");
    }

    [Theory]
    [InlineData("a", "b")]
    [InlineData("a b")]
    [InlineData("é")]
    public async Task IdempotencyKey_ThatIsNotOne_IsRefused(params string[] keys)
    {
        foreach (var path in (string[])["/train", "/sweeps", "/datasets", "/classify/jobs"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, CnnServiceApplication.Relative(path));
            request.Content = new StringContent("""{"name":"shapes","sample":"shapes"}""", Encoding.UTF8, "application/json");
            request.Headers.TryAddWithoutValidation("Idempotency-Key", keys);
            using var answer = await service.Client.SendAsync(request);
            var problem = await ProblemAssert.IsAsync(answer, HttpStatusCode.BadRequest);
            Assert.Contains("Idempotency-Key", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }
    }

    private static bool IsInQuery(ServiceRoute route, RequestParameter parameter) =>
        route.Endpoint.RoutePattern.GetParameter(parameter.Name) is null;

    private static bool TakesJson(ServiceRoute route) =>
        route.Endpoint.Metadata.GetMetadata<IAcceptsMetadata>()?.ContentTypes.Contains("application/json") == true;

    /// <summary>The values' characters as bytes: U+00FF is no UTF-8 then.</summary>
    private static ByteArrayContent Form((string Name, string Value)[] parts)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in parts)
        {
            text.Append($"--{Boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        }

        var content = new ByteArrayContent(Encoding.Latin1.GetBytes(text.Append($"--{Boundary}--\r\n").ToString()));
        content.Headers.TryAddWithoutValidation("Content-Type", $"multipart/form-data; boundary={Boundary}");
        return content;
    }
}
