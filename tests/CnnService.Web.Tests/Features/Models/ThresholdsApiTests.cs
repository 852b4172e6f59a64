using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace CnnService.Web.Tests.Features.Models;

/// <summary>What a class needs: set, heeded by /classify, told by the version, removed.</summary>
public sealed class ThresholdsApiTests(CnnServiceApplication service) : IClassFixture<CnnServiceApplication>
{
    [Fact]
    public async Task Put_AProbabilityThatAClassNeeds_MakesLessProbableImagesUnknown()
    {
        await RedOrBlue.PublishAsync(service, "needy");
        var before = await ClassifyAsync("needy");
        var (label, probability) = (before.GetProperty("label").GetString()!, before.GetProperty("probability").GetDouble());

        using var set = await PutAsync("needy", JsonSerializer.Serialize(new Dictionary<string, double> { [label] = 1 }));
        var version = await CnnServiceApplication.JsonAsync(set);
        Assert.Equal(1, version.GetProperty("thresholds").GetProperty(label).GetDouble());
        var needy = await ClassifyAsync("needy");
        Assert.InRange(probability, 0.5, 0.9999999);
        Assert.False(needy.GetProperty("known").GetBoolean());
        Assert.Equal(label, needy.GetProperty("label").GetString());
        Assert.Equal(JsonValueKind.Null, (await ClassifyAsync("needy", "&unknown=reject")).GetProperty("label").ValueKind);

        using var lower = await PutAsync("needy", JsonSerializer.Serialize(new Dictionary<string, double> { [label] = 0.5 }));
        Assert.Equal(HttpStatusCode.OK, lower.StatusCode);
        Assert.True((await ClassifyAsync("needy")).GetProperty("known").GetBoolean());

        using var none = await PutAsync("needy", "{}");
        Assert.False((await CnnServiceApplication.JsonAsync(none)).TryGetProperty("thresholds", out _));
        Assert.Equal(before.GetProperty("known").ValueKind, (await ClassifyAsync("needy")).GetProperty("known").ValueKind);
    }

    [Theory]
    [InlineData("""{"green":0.5}""", "green", "is none of the classes")]
    [InlineData("""{"red":1.5}""", "red", "must be a probability from 0 to 1, received 1.5")]
    [InlineData("""{"red":"high"}""", "red", "must be a probability from 0 to 1")]
    [InlineData("[0.5]", null, "an object of probabilities by class")]
    public async Task Put_WhatIsNoThreshold_IsRefused(string body, string? place, string rule)
    {
        await RedOrBlue.PublishAsync(service, "strict");
        using var answer = await PutAsync("strict", body);

        var problem = await ProblemAssert.IsAsync(answer, HttpStatusCode.BadRequest, "request.invalid");
        var told = place is null ? problem.GetProperty("detail") : problem.GetProperty("errors").GetProperty(place)[0];
        Assert.Contains(rule, told.GetString(), StringComparison.Ordinal);
    }

    private async Task<HttpResponseMessage> PutAsync(string model, string json)
    {
        using var body = new StringContent(json, Encoding.UTF8, "application/json");
        return await service.Client.PutAsync(CnnServiceApplication.Relative($"models/{model}/versions/1/thresholds"), body);
    }

    private async Task<JsonElement> ClassifyAsync(string model, string more = "")
    {
        using var body = new ByteArrayContent(RedOrBlue.Image(200, 0, 60));
        body.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        using var answer = await service.Client.PostAsync(CnnServiceApplication.Relative($"classify?model={model}{more}"), body);
        return (await CnnServiceApplication.JsonAsync(answer)).GetProperty("results")[0];
    }
}
