using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace CnnService.Web.Tests.Features.Monitoring;

public sealed class CaptureApiTests : IAsyncLifetime
{
    private readonly CnnServiceApplication _service = new();

    public async ValueTask InitializeAsync() => await RedOrBlue.PublishAsync(_service, "colours");

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task NothingAsked_NothingIsKept()
    {
        await ClassifyAsync(RedOrBlue.Image(255, 0, 0));

        using var none = await _service.Client.GetAsync(CnnServiceApplication.Relative("models/colours/capture"));
        await ProblemAssert.IsAsync(none, HttpStatusCode.NotFound, "capture.not-found");
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_service.DataDirectory, "captured")));
    }

    [Fact]
    public async Task Captured_ImagesAndTheirPredictions_AreListedSortedAndGo()
    {
        await SetAsync("""{"share":1}""");
        byte[][] images = [RedOrBlue.Image(255, 0, 0), RedOrBlue.Image(130, 0, 120), RedOrBlue.Image(0, 0, 200)];
        foreach (var file in images.Append(images[0]))
        {
            await ClassifyAsync(file);
        }

        await KeptAsync(3);
        var byUncertainty = await _service.GetJsonAsync("models/colours/captured?sort=uncertainty&limit=2");
        var rest = await _service.GetJsonAsync(
            $"models/colours/captured?sort=uncertainty&limit=2&after={byUncertainty.GetProperty("next").GetString()}");
        JsonElement[] items = [.. byUncertainty.GetProperty("items").EnumerateArray(), .. rest.GetProperty("items").EnumerateArray()];
        Assert.Equal(["red", "blue", "red"], items.Select(item => item.GetProperty("label").GetString()));
        var p = RedOrBlue.Red(130, 120);
        Assert.Equal(p, items[0].GetProperty("probability").GetDouble(), 1e-4);
        Assert.Equal(-((p * Math.Log2(p)) + ((1 - p) * Math.Log2(1 - p))), items[0].GetProperty("uncertainty").GetDouble(), 1e-4);
        Assert.Equal(1, (await _service.GetJsonAsync("models/colours/captured?class=blue")).GetProperty("items").GetArrayLength());

        var image = items[0].GetProperty("links").GetProperty("image").GetString()!;
        Assert.Equal(images[1], await _service.Client.GetByteArrayAsync(CnnServiceApplication.Relative(image[1..])));
        using var small = await _service.Client.GetAsync(CnnServiceApplication.Relative($"{image[1..]}?size=16"));
        Assert.Equal("image/jpeg", small.Content.Headers.ContentType?.MediaType);
        await DeleteAsync(items[0].GetProperty("id").GetString()!);
    }

    [Fact]
    public async Task Bounds_LetTheOldestGo()
    {
        await SetAsync("""{"share":1,"maxImages":2}""");
        for (byte i = 0; i < 5; i++)
        {
            await ClassifyAsync(RedOrBlue.Image(255, i, 0));
            await Eventually.IsAsync(ListAsync,
                items => items.Length > 0 && items[0].GetProperty("links").GetProperty("image").GetString() is { } link
                    && Same(link, RedOrBlue.Image(255, i, 0)));
        }

        // An image is seen before those that are too many go.
        await Eventually.IsAsync(ListAsync, items => items.Length == 2);
        await Eventually.IsAsync(
            () => Task.FromResult(Directory.EnumerateFiles(Path.Combine(_service.DataDirectory, "captured", "colours")).Count()),
            files => files == 2);

        await SetAsync("""{"share":1,"maxImages":1}""");
        Assert.Single(await ListAsync());
    }

    [Fact]
    public async Task Share_IsDecidedByTheContent()
    {
        // Of SHA-256 of the files, read as a fraction of 2^256.
        await SetAsync("""{"share":0.5}""");
        var expected = 0;
        for (byte i = 0; i < 12; i++)
        {
            var file = RedOrBlue.Image(i, 0, 0);
            expected += System.Security.Cryptography.SHA256.HashData(file)[0] < 128 ? 1 : 0;
            await ClassifyAsync(file);
        }

        Assert.InRange(expected, 1, 11);
        Assert.Equal(expected, (await KeptAsync(expected)).Length);
        Assert.Equal(0, (await _service.GetJsonAsync("models/colours/capture")).GetProperty("dropped").GetInt64());
    }

    [Theory]
    [InlineData("""{"share":2,"maxImages":0,"maxBytes":1,"more":true}""", "more", "share", "maxImages", "maxBytes")]
    [InlineData("""{"share":-0.1}""", "share")]
    public async Task Capture_Unsound_NamesEveryField(string body, params string[] fields)
    {
        using var answer = await PutAsync("colours", body);
        var problem = await ProblemAssert.IsAsync(answer, HttpStatusCode.BadRequest, "request.invalid");
        Assert.All(fields, field => Assert.True(problem.GetProperty("errors").TryGetProperty(field, out _), problem.ToString()));
    }

    [Fact]
    public async Task Capture_OfNoModel_Is404_AndEndsWhereItBegan()
    {
        using var unknown = await PutAsync("nothing", """{"share":1}""");
        await ProblemAssert.IsAsync(unknown, HttpStatusCode.NotFound, "model.not-found");
        await SetAsync("""{"share":1}""");
        using var ended = await _service.Client.DeleteAsync(CnnServiceApplication.Relative("models/colours/capture"));
        Assert.Equal(HttpStatusCode.NoContent, ended.StatusCode);
        using var again = await _service.Client.DeleteAsync(CnnServiceApplication.Relative("models/colours/capture"));
        await ProblemAssert.IsAsync(again, HttpStatusCode.NotFound, "capture.not-found");
        using var sort = await _service.Client.GetAsync(CnnServiceApplication.Relative("models/colours/captured?sort=size&after=none"));
        var problem = await ProblemAssert.IsAsync(sort, HttpStatusCode.BadRequest, "request.invalid");
        Assert.Equal(2, problem.GetProperty("errors").EnumerateObject().Count());
    }

    [Fact]
    public async Task ModelDeleted_TakesWhatWasKept()
    {
        await SetAsync("""{"share":1}""");
        await ClassifyAsync(RedOrBlue.Image(255, 0, 0));
        await KeptAsync(1);

        using var deleted = await _service.Client.DeleteAsync(CnnServiceApplication.Relative("models/colours"));

        Assert.False(Directory.Exists(Path.Combine(_service.DataDirectory, "captured", "colours")));
        using var list = await _service.Client.GetAsync(CnnServiceApplication.Relative("models/colours/captured"));
        await ProblemAssert.IsAsync(list, HttpStatusCode.NotFound, "model.not-found");
        await RedOrBlue.PublishAsync(_service, "colours");
        Assert.Empty(await ListAsync());
    }

    private async Task DeleteAsync(string id)
    {
        using var gone = await _service.Client.DeleteAsync(CnnServiceApplication.Relative($"models/colours/captured/{id}"));
        Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
        Assert.False(File.Exists(Path.Combine(_service.DataDirectory, "captured", "colours", id)));
        using var again = await _service.Client.GetAsync(CnnServiceApplication.Relative($"models/colours/captured/{id}"));
        await ProblemAssert.IsAsync(again, HttpStatusCode.NotFound, "captured.not-found");
        using var all = await _service.Client.DeleteAsync(CnnServiceApplication.Relative("models/colours/captured"));
        Assert.Equal(HttpStatusCode.NoContent, all.StatusCode);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_service.DataDirectory, "captured", "colours")));
    }

    private bool Same(string link, byte[] file) =>
        File.Exists(PathOf(link)) && File.ReadAllBytes(PathOf(link)).AsSpan().SequenceEqual(file);

    private string PathOf(string link) => Path.Combine(_service.DataDirectory, "captured", "colours", link.Split('/')[4]);

    private Task<JsonElement[]> KeptAsync(int count) => Eventually.IsAsync(ListAsync, items => items.Length >= count);

    private async Task<JsonElement[]> ListAsync() =>
        [.. (await _service.GetJsonAsync("models/colours/captured")).GetProperty("items").EnumerateArray()];

    private async Task ClassifyAsync(byte[] file)
    {
        using var content = new ByteArrayContent(file) { Headers = { ContentType = new MediaTypeHeaderValue("image/png") } };
        using var answer = await _service.Client.PostAsync(CnnServiceApplication.Relative("classify?model=colours"), content);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private async Task SetAsync(string body)
    {
        using var answer = await PutAsync("colours", body);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private Task<HttpResponseMessage> PutAsync(string model, string body) => _service.Client.PutAsync(
        CnnServiceApplication.Relative($"models/{model}/capture"), new StringContent(body, System.Text.Encoding.UTF8, "application/json"));
}
