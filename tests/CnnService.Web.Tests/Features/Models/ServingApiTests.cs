using System.Net;
using System.Text;
using System.Text.Json;

namespace CnnService.Web.Tests.Features.Models;

public sealed class ServingApiTests : IAsyncLifetime
{
    private readonly CnnServiceApplication _service = new(new()
    {
        ["Serving:MaxBatchSize"] = "5",
        ["Serving:Models:colours:Instances"] = "3",
    });

    public async ValueTask InitializeAsync() => await RedOrBlue.PublishAsync(_service, "colours");

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task Serving_IsWhatTheSettingsSayUntilItIsChosen()
    {
        Assert.Equal((5, 3, 256), Effective(await _service.GetJsonAsync("models/colours/serving")));

        using var put = await PutAsync("colours", """{"maxBatchSize":2,"maxQueueSize":9}""");
        Assert.Equal((2, 3, 9), Effective(await CnnServiceApplication.JsonAsync(put)));
        Assert.Equal((2, 3, 9), Effective(await _service.GetJsonAsync("models/colours/serving")));

        using var gone = await _service.Client.DeleteAsync(CnnServiceApplication.Relative("models/colours/serving"));
        Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
        Assert.Equal((5, 3, 256), Effective(await _service.GetJsonAsync("models/colours/serving")));
    }

    [Fact]
    public async Task Serving_HoldsFromTheNextRequest()
    {
        using (await PutAsync("colours", """{"maxQueueSize":1}"""))
        {
        }

        using var two = Images(2); // The queue is empty: they are let in together.
        using var answer = await _service.Client.PostAsync(CnnServiceApplication.Relative("classify"), two);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.InRange((await CnnServiceApplication.JsonAsync(answer)).GetProperty("timing").GetProperty("batchSize").GetInt32(), 1, 2);
    }

    [Fact]
    public async Task Serving_OutOfRange_NamesEveryBrokenRule()
    {
        using var answer = await PutAsync("colours", """{"maxBatchSize":0,"maxQueueDelayMicroseconds":2000000,"instances":1}""");

        var problem = await ProblemAssert.IsAsync(answer, HttpStatusCode.BadRequest, "request.invalid");
        Assert.Equal(["maxBatchSize", "maxQueueDelayMicroseconds"],
            problem.GetProperty("errors").EnumerateObject().Select(error => error.Name).Order());
        Assert.Equal((5, 3, 256), Effective(await _service.GetJsonAsync("models/colours/serving")));
    }

    [Fact]
    public async Task Serving_OfNoModel_Is404()
    {
        using var answer = await PutAsync("none", "{}");

        await ProblemAssert.IsAsync(answer, HttpStatusCode.NotFound, "model.not-found");
    }

    [Fact]
    public async Task Serving_GoesWithTheModel()
    {
        using (await PutAsync("colours", """{"maxBatchSize":2}"""))
        {
        }

        using (await _service.Client.DeleteAsync(CnnServiceApplication.Relative("models/colours")))
        {
        }

        await RedOrBlue.PublishAsync(_service, "colours");
        Assert.Equal((5, 3, 256), Effective(await _service.GetJsonAsync("models/colours/serving")));
    }

    private static (int Batch, int Instances, int Queue) Effective(JsonElement serving)
    {
        var effective = serving.GetProperty("effective");
        return (effective.GetProperty("maxBatchSize").GetInt32(), effective.GetProperty("instances").GetInt32(),
            effective.GetProperty("maxQueueSize").GetInt32());
    }

    private static MultipartFormDataContent Images(int count)
    {
        var form = new MultipartFormDataContent();
        for (var i = 0; i < count; i++)
        {
            form.Add(new ByteArrayContent(RedOrBlue.Image(255, 0, 0)), "files", $"{i}.png");
        }

        return form;
    }

    private async Task<HttpResponseMessage> PutAsync(string model, string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        return await _service.Client.PutAsync(CnnServiceApplication.Relative($"models/{model}/serving"), content);
    }
}
