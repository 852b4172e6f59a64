using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;

namespace CnnService.Web.Tests.Persistence;

/// <summary>A service whose PostgreSQL is stopped under it: what needs no database goes on.</summary>
public sealed class DatabaseAwayTests : IAsyncLifetime
{
    private const string Pattern = "visualize/conv_1/0?model=colours:1&iterations=16";
    private const string Inference = """{"inputs":[{"name":"image","shape":[1],"datatype":"BYTES","data":["{0}"]}]}""";

    private readonly PostgresServer _postgres = new();
    private CnnServiceApplication _service = null!;

    public async ValueTask InitializeAsync()
    {
        var settings = new Dictionary<string, string>
        {
            ["ConnectionStrings:Postgres"] = await _postgres.NewDatabaseAsync(),
            ["Disk:MinFreeBytes"] = "0",
        };
        _service = new(settings, WithoutWorker.Remove);
        await RedOrBlue.PublishAsync(_service, "colours");
        await RedOrBlue.PublishAsync(_service, "colours", towardsRed: 1);
        await RedOrBlue.PublishAsync(_service, "unseen");
        await MoveAsync(1);
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        await _postgres.DisposeAsync();
    }

    [Fact]
    public async Task Serving_WithTheDatabaseAway_GoesOnAndReadinessTellsWhatIsMissing()
    {
        await AssertServesAsync();
        using var drawn = await Eventually.IsAsync(
            () => _service.Client.GetAsync(CnnServiceApplication.Relative(Pattern)),
            answer => answer.StatusCode != HttpStatusCode.Accepted);
        var pattern = await drawn.Content.ReadAsByteArrayAsync();
        Assert.Equal(HttpStatusCode.OK, drawn.StatusCode);

        await _postgres.StopAsync();

        for (var times = 0; times < 3; times++)
        {
            await AssertServesAsync();
            using var again = await _service.Client.GetAsync(CnnServiceApplication.Relative(Pattern));
            Assert.Equal(pattern, await again.Content.ReadAsByteArrayAsync());
        }

        Assert.Equal(1, await ClassifyAsync("unseen:1"));
        using var readiness = await _service.Client.GetAsync(CnnServiceApplication.Relative("health/ready"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, readiness.StatusCode);
        Assert.Contains("database: ", await readiness.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        await _postgres.StartAsync();

        await MoveAsync(2);
        Assert.Equal(2, await ClassifyAsync("colours@production"));
    }

    private async Task AssertServesAsync()
    {
        Assert.Equal(1, await ClassifyAsync("colours:1"));
        Assert.Equal(1, await ClassifyAsync("colours@production"));
        Assert.Equal(2, await ClassifyAsync("colours"));
        var image = RedOrBlue.Image(200, 0, 50);
        var request = Inference.Replace("{0}", Convert.ToBase64String(image), StringComparison.Ordinal);
        using var inferred = await PostAsync("v2/models/colours/versions/1/infer",
            new StringContent(request, Encoding.UTF8, "application/json"));
        Assert.True(inferred.IsSuccessStatusCode, await inferred.Content.ReadAsStringAsync());
        using var explained = await PostAsync("explain?model=colours@production&class=red", Png(image));
        Assert.True(explained.IsSuccessStatusCode, await explained.Content.ReadAsStringAsync());
    }

    /// <summary>The version that answers.</summary>
    private async Task<int> ClassifyAsync(string model)
    {
        using var answer = await PostAsync($"classify?model={model}", Png(RedOrBlue.Image(200, 0, 50)));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await CnnServiceApplication.JsonAsync(answer)).GetProperty("version").GetInt32();
    }

    /// <summary>Tries again while the service finds back to its database.</summary>
    private async Task MoveAsync(int version)
    {
        using var moved = await Eventually.IsAsync(
            () => _service.Client.PutAsJsonAsync(CnnServiceApplication.Relative("models/colours/aliases/production"), new { version }),
            answer => answer.StatusCode != HttpStatusCode.ServiceUnavailable);
        Assert.True(moved.IsSuccessStatusCode, await moved.Content.ReadAsStringAsync());
    }

    private Task<HttpResponseMessage> PostAsync(string path, HttpContent content) =>
        _service.Client.PostAsync(CnnServiceApplication.Relative(path), content);

    private static ByteArrayContent Png(byte[] image) =>
        new(image) { Headers = { ContentType = new MediaTypeHeaderValue("image/png") } };
}
