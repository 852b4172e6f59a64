using System.Net;

namespace CnnService.Web.Tests.Features.Classify;

/// <summary>POST /classify where there is more than one version or model.</summary>
public sealed class ClassifyVersionsTests : IAsyncLifetime
{
    private readonly CnnServiceApplication _service = new();

    public async ValueTask InitializeAsync() => await RedOrBlue.PublishAsync(_service, "colours");

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task NoModelNamed_AmongSeveral_ListsThem()
    {
        await RedOrBlue.PublishAsync(_service, "other");
        using var answer = await PostAsync(RedOrBlue.Image(1, 2, 3));
        var problem = await ProblemAssert.IsAsync(answer, HttpStatusCode.BadRequest, "model.ambiguous");
        Assert.Equal(["colours", "other"], problem.GetProperty("models").EnumerateArray().Select(name => name.GetString()));
    }

    [Fact]
    public async Task NewVersion_AnswersAsLatest()
    {
        Assert.Equal(2, await RedOrBlue.PublishAsync(_service, "colours"));
        using var answer = await PostAsync(RedOrBlue.Image(1, 2, 3), "?model=colours");
        Assert.Equal(2, (await CnnServiceApplication.JsonAsync(answer)).GetProperty("version").GetInt32());
    }

    private async Task<HttpResponseMessage> PostAsync(byte[] image, string query = "")
    {
        using var content = new ByteArrayContent(image);
        content.Headers.ContentType = new("image/png");
        return await _service.Client.PostAsync(CnnServiceApplication.Relative($"classify{query}"), content);
    }
}
