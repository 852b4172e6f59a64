using System.Net;

namespace CnnService.Web.Tests.Api.OpenApi;

/// <summary>The bodies that the text describes at addresses of their own are taken there, and where they were before.</summary>
public class BodyTwinsTests(CnnServiceApplication service) : IClassFixture<CnnServiceApplication>
{
    [Theory]
    [InlineData("datasets")]
    [InlineData("datasets/from-server")]
    public async Task JsonOfADataset_IsReadAtBothAddresses(string address)
    {
        using var json = new StringContent("""{"name": "Not A Name", "sample": "shapes"}""", null, "application/json");
        using var answer = await service.Client.PostAsync(CnnServiceApplication.Relative(address), json);
        var problem = await ProblemAssert.IsAsync(answer, HttpStatusCode.BadRequest, "request.invalid");
        Assert.True(problem.GetProperty("errors").TryGetProperty("name", out _));
    }

    [Theory]
    [InlineData("classify")]
    [InlineData("classify/base64")]
    public async Task JsonOfImages_IsReadAtBothAddresses(string address)
    {
        await RedOrBlue.PublishAsync(service, "colours");
        using var json = new StringContent("""{"images": ["-"]}""", null, "application/json");
        using var answer = await service.Client.PostAsync(CnnServiceApplication.Relative(address), json);
        var problem = await ProblemAssert.IsAsync(answer, HttpStatusCode.BadRequest, "request.invalid");
        Assert.True(problem.GetProperty("errors").TryGetProperty("images[0]", out _));
    }

    [Theory]
    [InlineData("datasets/from-server")]
    [InlineData("classify/base64")]
    public async Task OtherBodies_AreRefusedAtTheOwnAddress(string address)
    {
        using var form = new MultipartFormDataContent { { new StringContent("shapes"), "name" } };
        using var answer = await service.Client.PostAsync(CnnServiceApplication.Relative(address), form);
        await ProblemAssert.IsAsync(answer, HttpStatusCode.UnsupportedMediaType, "request.unsupported-media-type");
    }

    /// <summary>UTF-7 is known to the framework, which refuses to make its encoding.</summary>
    [Theory]
    [InlineData("utf-8", HttpStatusCode.BadRequest)]
    [InlineData("\"UTF-8\"", HttpStatusCode.BadRequest)]
    [InlineData("utf-16", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("utf-7", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("klingon", HttpStatusCode.UnsupportedMediaType)]
    public async Task Json_InAnotherEncoding_IsRefused(string charset, HttpStatusCode expected)
    {
        using var json = new ByteArrayContent("{}"u8.ToArray());
        json.Headers.TryAddWithoutValidation("Content-Type", $"application/json; charset={charset}");

        using var answer = await service.Client.PostAsync(CnnServiceApplication.Relative("train"), json);

        Assert.Equal(expected, answer.StatusCode);
    }
}
