using System.Net;
using System.Text;
using System.Text.Json;

namespace CnnService.Web.Tests.Features.Inference;

/// <summary>The repository as Triton's clients use it: what is unloaded is not ready until it is loaded.</summary>
public sealed class InferenceRepositoryTests : IAsyncLifetime
{
    private const string Unload = """{"parameters":{"unload_dependents":false}}""";

    private readonly CnnServiceApplication _service = new();

    public async ValueTask InitializeAsync() => await RedOrBlue.PublishAsync(_service, "colours");

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task Index_ListsEveryVersion()
    {
        await RedOrBlue.PublishAsync(_service, "colours");

        Assert.Equal(
            """[{"name":"colours","version":"1","state":"READY","reason":""},{"name":"colours","version":"2","state":"READY","reason":""}]""",
            await TextAsync("v2/repository/index", string.Empty));
    }

    [Fact]
    public async Task Unload_MakesTheModelNotReadyUntilItIsLoaded()
    {
        Assert.Equal("{}", await TextAsync("v2/repository/models/colours/load", "{}"));
        Assert.Equal("{}", await TextAsync("v2/repository/models/colours/unload", Unload));
        Assert.Equal("""[{"name":"colours","version":"1","state":"UNAVAILABLE","reason":"unloaded"}]""",
            await TextAsync("v2/repository/index", "{}"));
        Assert.Equal("[]", await TextAsync("v2/repository/index", """{"ready":true}"""));
        await IsNotReadyAsync(() => _service.Client.GetAsync(CnnServiceApplication.Relative("v2/models/colours/ready")));
        await IsNotReadyAsync(() => InferAsync());

        Assert.Equal("{}", await TextAsync("v2/repository/models/colours/load", string.Empty));
        Assert.True((await _service.GetJsonAsync("v2/models/colours/ready")).GetProperty("ready").GetBoolean());
        using var answer = await InferAsync();
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Unload_GivesItsMemoryBack()
    {
        Assert.Equal("{}", await TextAsync("v2/repository/models/colours/load", string.Empty));
        Assert.True((await StatisticsAsync()).GetProperty("memory_usage")[0].GetProperty("byte_size").GetInt64() > 0);
        Assert.Equal("{}", await TextAsync("v2/repository/models/colours/unload", string.Empty));

        Assert.Equal(0, (await StatisticsAsync()).GetProperty("memory_usage").GetArrayLength());
    }

    [Fact]
    public async Task Statistics_CountTheRequestsOfEveryCall()
    {
        using var image = new ByteArrayContent(RedOrBlue.Image(255, 0, 0));
        image.Headers.ContentType = new("image/png");
        using var classified = await _service.Client.PostAsync(CnnServiceApplication.Relative("classify"), image);
        using var inferred = await InferAsync();
        using var refused = await PostAsync("v2/models/colours/infer",
            """{"inputs":[{"name":"input","shape":[1,3,32,32],"datatype":"FP32","data":[1]}]}""");
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.BadRequest],
            new[] { classified, inferred, refused }.Select(answer => answer.StatusCode));

        var all = Assert.Single((await _service.GetJsonAsync("v2/models/stats")).GetProperty("model_stats").EnumerateArray());
        Assert.Equal((2, 2), (all.GetProperty("inference_count").GetInt64(), all.GetProperty("execution_count").GetInt64()));
        Assert.Equal(2, all.GetProperty("inference_stats").GetProperty("success").GetProperty("count").GetInt64());
        var batch = Assert.Single(all.GetProperty("batch_stats").EnumerateArray());
        Assert.Equal((1, 2),
            (batch.GetProperty("batch_size").GetInt32(), batch.GetProperty("compute_infer").GetProperty("count").GetInt32()));
        foreach (var stage in new[] { "compute_input", "compute_infer", "compute_output" })
        {
            Assert.True(batch.GetProperty(stage).GetProperty("ns").GetInt64() > 0, stage);
        }
    }

    [Fact]
    public async Task Config_TellsTheModelsOwnSettings()
    {
        using var settings = new StringContent(
            """{"maxBatchSize":3,"maxQueueDelayMicroseconds":500,"maxQueueSize":7,"defaultTimeoutMicroseconds":250000,"instances":2}""",
            Encoding.UTF8, "application/json");
        using var put = await _service.Client.PutAsync(CnnServiceApplication.Relative("models/colours/serving"), settings);
        Assert.Equal(HttpStatusCode.OK, put.StatusCode);

        var config = await _service.GetJsonAsync("v2/models/colours/config");
        Assert.Equal(3, config.GetProperty("max_batch_size").GetInt32());
        Assert.Equal(2, config.GetProperty("instance_group")[0].GetProperty("count").GetInt32());
        Assert.Equal(
            """{"max_queue_delay_microseconds":500,"default_queue_policy":{"timeout_action":"REJECT","max_queue_size":7,"default_timeout_microseconds":250000}}""",
            config.GetProperty("dynamic_batching").GetRawText());
    }

    private static async Task IsNotReadyAsync(Func<Task<HttpResponseMessage>> call)
    {
        using var answer = await call();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
        Assert.Contains("not ready", (await CnnServiceApplication.JsonAsync(answer)).GetProperty("error").GetString(),
            StringComparison.Ordinal);
    }

    private async Task<JsonElement> StatisticsAsync() =>
        (await _service.GetJsonAsync("v2/models/colours/versions/1/stats")).GetProperty("model_stats")[0];

    private Task<HttpResponseMessage> InferAsync() => PostAsync(
        "v2/models/colours/infer",
        JsonSerializer.Serialize(
            new
            {
                inputs = new[] {
                new { name = "image", shape = new[] { 1 }, datatype = "BYTES",
                    data = new[] { Convert.ToBase64String(RedOrBlue.Image(0, 0, 255)) } } }
            }));

    private async Task<string> TextAsync(string path, string body)
    {
        using var answer = await PostAsync(path, body);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync();
    }

    private async Task<HttpResponseMessage> PostAsync(string path, string body)
    {
        using var content = new StringContent(body);
        return await _service.Client.PostAsync(CnnServiceApplication.Relative(path), content);
    }
}
