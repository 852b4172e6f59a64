using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace CnnService.Web.Tests.Features.Visualize;

/// <summary>A service with one published model, shared by the tests of a class.</summary>
public sealed class ServiceWithModel : IAsyncLifetime
{
    public CnnServiceApplication Service { get; } = new();

    public async ValueTask InitializeAsync() => await RedOrBlue.PublishAsync(Service, "colours");

    public ValueTask DisposeAsync() => Service.DisposeAsync();
}

public class VisualizeApiTests(ServiceWithModel fixture) : IClassFixture<ServiceWithModel>
{
    private static readonly byte[] PngSignature = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    private readonly CnnServiceApplication _service = fixture.Service;

    [Fact]
    public async Task Layers_LinksLeadSomewhere()
    {
        var json = await _service.GetJsonAsync("visualize?model=colours");
        var layer = json.GetProperty("layers").EnumerateArray().First();
        foreach (var link in new[] { "patterns", "pattern", "receptiveField", "kernels" })
        {
            var path = layer.GetProperty("links").GetProperty(link).GetString()!.Replace("{filter}", "1", StringComparison.Ordinal);
            using var answer = await _service.Client.GetAsync(CnnServiceApplication.Relative(path));
            Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.Accepted, $"{path}: {answer.StatusCode}");
        }

        Assert.Equal("conv_1", layer.GetProperty("name").GetString());
        Assert.Equal(2, layer.GetProperty("filters").GetInt32());
        Assert.Equal([32, 32], layer.GetProperty("mapSize").EnumerateArray().Select(size => size.GetInt32()));
    }

    [Fact]
    public async Task Pattern_SameRequest_SameBytesAnd304()
    {
        using var first = await _service.Client.GetAsync(CnnServiceApplication.Relative("visualize/conv_1/0?iterations=16&wait=120"));
        var bytes = await PngAsync(first);
        using var second = await _service.Client.GetAsync(CnnServiceApplication.Relative("visualize/conv_1/0?iterations=16&wait=120"));
        Assert.Equal(bytes, await PngAsync(second));
        Assert.NotNull(first.Headers.ETag);
        using var request = new HttpRequestMessage(HttpMethod.Get,
            CnnServiceApplication.Relative("visualize/conv_1/0?iterations=16&wait=120"));
        request.Headers.IfNoneMatch.Add(first.Headers.ETag);
        using var unchanged = await _service.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
        Assert.Equal(first.Headers.ETag, unchanged.Headers.ETag);
    }

    [Fact]
    public async Task Pattern_AnotherSeed_HasAnotherTag()
    {
        using var one = await _service.Client.GetAsync(CnnServiceApplication.Relative("visualize/conv_1/1?iterations=16&seed=1&wait=120"));
        using var other = await _service.Client.GetAsync(
            CnnServiceApplication.Relative("visualize/conv_1/1?iterations=16&seed=2&wait=120"));
        Assert.NotEqual(one.Headers.ETag, other.Headers.ETag);
    }

    [Fact]
    public async Task Pattern_OfTheRedFilter_BeatsNoise()
    {
        var figures = await _service.GetJsonAsync("visualize/conv_1/0?format=json&wait=120");
        Assert.Equal("ok", figures.GetProperty("status").GetString());
        Assert.True(figures.GetProperty("activation").GetDouble() > figures.GetProperty("noiseActivation").GetDouble());
    }

    [Fact]
    public async Task Pattern_NotWaitedFor_Is202AndThenThere()
    {
        const string Path = "visualize/conv_1/0?iterations=64&seed=77";
        using var early = await _service.Client.GetAsync(CnnServiceApplication.Relative($"{Path}&wait=0"));
        Assert.Equal(HttpStatusCode.Accepted, early.StatusCode);
        Assert.NotNull(early.Headers.RetryAfter);
        using var later = await _service.Client.GetAsync(CnnServiceApplication.Relative($"{Path}&wait=120"));
        await PngAsync(later);
    }

    [Fact]
    public async Task Grid_IsAnImage()
    {
        using var answer = await _service.Client.GetAsync(
            CnnServiceApplication.Relative("visualize/conv_1?count=2&iterations=16&wait=120"));
        await PngAsync(answer);
    }

    [Theory]
    [InlineData("visualize/conv_1/0")]
    [InlineData("visualize/conv_1")]
    public async Task PostedImage_RawAndForm_GiveTheSameMap(string path)
    {
        var image = RedOrBlue.Image(200, 10, 20);
        using var raw = new ByteArrayContent(image);
        raw.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        using var first = await _service.Client.PostAsync(CnnServiceApplication.Relative(path), raw);
        using var part = new ByteArrayContent(image);
        using var form = new MultipartFormDataContent { { part, "file", "a.png" } };
        using var second = await _service.Client.PostAsync(CnnServiceApplication.Relative(path), form);
        Assert.Equal(await PngAsync(first), await PngAsync(second));
    }

    [Fact]
    public async Task UnknownLayer_ListsTheKnownOnes()
    {
        using var answer = await _service.Client.GetAsync(CnnServiceApplication.Relative("visualize/nothing/0"));
        var problem = await ProblemAssert.IsAsync(answer, HttpStatusCode.NotFound, "layer.not-found");
        Assert.Contains("conv_1", problem.GetProperty("layers").EnumerateArray().Select(name => name.GetString()));
    }

    [Theory]
    [InlineData("visualize/con_1/0")]
    [InlineData("visualize/Conv_1")]
    [InlineData("visualize/%2Fconv%2F1/0")]
    public async Task UnknownLayer_MistypedOrAsTheFileHadIt_IsToldTheLikelyOneAndTheList(string path)
    {
        using var answer = await _service.Client.GetAsync(CnnServiceApplication.Relative(path));
        var problem = await ProblemAssert.IsAsync(answer, HttpStatusCode.NotFound, "layer.not-found");
        Assert.Equal("conv_1", problem.GetProperty("nearest").GetString());
        Assert.Contains("GET /visualize?model=colours:1", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("visualize/conv_1/0?iteratons=64", "iteratons", "did you mean iterations?")]
    [InlineData("visualize?modell=colours", "modell", "did you mean model?")]
    [InlineData("visualize/conv_1?zzz=1", "zzz", "the parameters are model, objective")]
    [InlineData("visualize/conv_1?layer=conv_1", "layer", "is not a parameter here")]
    [InlineData("visualize/conv_1?effective=true", "effective", "is not a parameter here")]
    [InlineData("visualize/conv_1/0?kind=weights", "kind", "is not a parameter here")]
    [InlineData("visualize/conv_1/0?images=100", "images", "split or dataset")]
    [InlineData("visualize/conv_1/kernels?iterations=64", "iterations", "is not a parameter here")]
    [InlineData("visualize/conv_1/statistics?cell=0,0", "cell", "is not a parameter here")]
    [InlineData("visualize/classes?split=train", "split", "is not a parameter here")]
    [InlineData("visualize/feature-maps?image=a/b&method=pca", "method", "is not a parameter here")]
    [InlineData("explain?image=a/b&methd=rise", "methd", "did you mean method?")]
    [InlineData("runs/none/film?layr=conv_1", "layr", "did you mean layer?")]
    public async Task ParameterWithoutEffect_IsRefusedAndNamed(string path, string parameter, string rule)
    {
        using var answer = await _service.Client.GetAsync(CnnServiceApplication.Relative(path));
        var problem = await ProblemAssert.IsAsync(answer, HttpStatusCode.BadRequest, "request.invalid");
        var broken = Assert.Single(problem.GetProperty("errors").EnumerateObject());
        Assert.Equal(parameter, broken.Name);
        Assert.Contains(rule, broken.Value[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task PostedImage_WithAParameterOfPatterns_IsRefused()
    {
        using var answer = await PostAsync("visualize/conv_1?iterations=64", 1, 2);
        var problem = await ProblemAssert.IsAsync(answer, HttpStatusCode.BadRequest, "request.invalid");
        Assert.True(problem.GetProperty("errors").TryGetProperty("iterations", out _), problem.ToString());
    }

    [Fact]
    public async Task PostedImage_BesideOneOfADataSet_IsRefused()
    {
        using var answer = await PostAsync("visualize/conv_1?image=pets/1", 1, 2);
        var problem = await ProblemAssert.IsAsync(answer, HttpStatusCode.BadRequest, "request.invalid");
        Assert.Contains("is not a parameter here", problem.GetProperty("errors").GetProperty("image")[0].GetString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task WrongWordsWrongNumbersAndUnknownNames_AreToldTogether()
    {
        using var answer = await _service.Client.GetAsync(
            CnnServiceApplication.Relative(
                "visualize/conv_1/0?transforms=wild&format=gif&iterations=15&size=31&decay=2.5&wait=-1&cell=1,1&diversity=many"
                + "&fourier=maybe"));
        var problem = await ProblemAssert.IsAsync(answer, HttpStatusCode.BadRequest, "request.invalid");
        Assert.Equal(
            ["cell", "decay", "diversity", "format", "fourier", "iterations", "size", "transforms", "wait"],
            problem.GetProperty("errors").EnumerateObject().Select(error => error.Name));
        Assert.Equal(
            ["must be a whole number of at most 2147483647, received \"many\"", "must be png, svg or json, received \"gif\"",
                "must be between 16 and 2048, received 15"],
            new[] { "diversity", "format", "iterations" }.Select(name => problem.GetProperty("errors").GetProperty(name)[0].GetString()));
    }

    [Fact]
    public async Task UnknownFilter_Is404()
    {
        using var answer = await _service.Client.GetAsync(CnnServiceApplication.Relative("visualize/conv_1/2"));
        await ProblemAssert.IsAsync(answer, HttpStatusCode.NotFound, "filter.not-found");
    }

    [Theory]
    [InlineData("iterations=15")]
    [InlineData("iterations=2049")]
    [InlineData("size=31")]
    [InlineData("size=513")]
    [InlineData("seed=-1")]
    [InlineData("decay=2.5")]
    [InlineData("transforms=wild")]
    [InlineData("objective=map")]
    [InlineData("direction=2")]
    [InlineData("colors=loud")]
    [InlineData("diversity=5")]
    [InlineData("fourier=false&method=quick")]
    [InlineData("format=gif")]
    [InlineData("wait=-1")]
    public async Task ParameterOutOfRange_NamesIt(string query)
    {
        using var answer = await _service.Client.GetAsync(CnnServiceApplication.Relative($"visualize/conv_1/0?{query}"));
        var problem = await ProblemAssert.IsAsync(answer, HttpStatusCode.BadRequest, "request.invalid");
        Assert.True(problem.GetProperty("errors").TryGetProperty(query.Split('=')[0], out _), problem.ToString());
    }

    [Fact]
    public async Task FilterThatIsNoNumber_IsToldSo()
    {
        using var answer = await _service.Client.GetAsync(CnnServiceApplication.Relative("visualize/fire2/concat?model=m&format=json"));
        var problem = await ProblemAssert.IsAsync(answer, HttpStatusCode.BadRequest, "request.invalid");
        Assert.Contains("fire2%2Fconcat", problem.GetProperty("errors").GetProperty("filter")[0].GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nothing/abc", HttpStatusCode.NotFound)]
    [InlineData("no-slash", HttpStatusCode.BadRequest)]
    [InlineData("..%2f../x", HttpStatusCode.BadRequest)]
    public async Task ImageOfADataSet_Unknown_IsAProblem(string image, HttpStatusCode status)
    {
        using var answer = await _service.Client.GetAsync(CnnServiceApplication.Relative($"visualize/conv_1/0/feature-maps?image={image}"));
        Assert.True(answer.StatusCode == status || answer.StatusCode == HttpStatusCode.NotFound, $"{answer.StatusCode}");
        await ProblemAssert.IsAsync(answer, answer.StatusCode);
    }

    /// <summary>The first filter hands on red, the second blue: of an image of one colour each map is that colour's share of 255.</summary>
    [Fact]
    public async Task Maps_InNumbers_AreThoseOfTheNetwork()
    {
        using var json = await PostAsync("visualize/conv_1?format=json", 51, 0);
        using var npy = await PostAsync("visualize/conv_1?format=npy", 51, 0);
        using var floats = await PostAsync("visualize/conv_1/0?format=f32", 51, 0);

        var numbers = await json.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(0.5, numbers.GetProperty("sparsity").GetProperty("zeros").GetDouble());
        Assert.Equal(0.2, numbers.GetProperty("maps")[0].GetProperty("values")[31][31].GetDouble(), 1e-6);
        Assert.Equal("application/x-npy", npy.Content.Headers.ContentType?.MediaType);
        Assert.Equal(128 + (2 * 32 * 32 * sizeof(float)), (await npy.Content.ReadAsByteArrayAsync()).Length);
        var values = await floats.Content.ReadAsByteArrayAsync();
        Assert.Equal(32 * 32 * sizeof(float), values.Length);
        Assert.Equal(0.2f, BitConverter.ToSingle(values, values.Length - sizeof(float)), 1e-6f);
    }

    [Fact]
    public async Task MapSheet_OfAnImage_IsAnImageAndItsSparsity()
    {
        using var sheet = await PostAsync("visualize/feature-maps?colormap=gray&normalize=layer", 51, 0);
        using var json = await PostAsync("visualize/feature-maps?format=json", 51, 0);

        await PngAsync(sheet);
        var layer = Assert.Single((await json.Content.ReadFromJsonAsync<JsonElement>()).EnumerateArray());
        Assert.Equal(("conv_1", 0.5),
            (layer.GetProperty("layer").GetString(), layer.GetProperty("sparsity").GetProperty("zeros").GetDouble()));
    }

    [Theory]
    [InlineData("visualize/conv_1?colormap=jet", "colormap")]
    [InlineData("visualize/conv_1?order=size", "order")]
    [InlineData("visualize/conv_1?columns=0", "columns")]
    [InlineData("visualize/conv_1?format=csv", "format")]
    [InlineData("visualize/feature-maps?columns=33", "columns")]
    public async Task Maps_AskedForWrongly_NameTheField(string path, string field)
    {
        using var answer = await PostAsync(path, 1, 2);
        var problem = await ProblemAssert.IsAsync(answer, HttpStatusCode.BadRequest, "request.invalid");
        Assert.True(problem.GetProperty("errors").TryGetProperty(field, out _), problem.ToString());
    }

    [Fact]
    public async Task MapSheet_OfNoImage_OrAsOneArray_IsAskedForOne()
    {
        using var none = await _service.Client.GetAsync(CnnServiceApplication.Relative("visualize/feature-maps"));
        using var array = await PostAsync("visualize/feature-maps?format=npy", 1, 2);
        await ProblemAssert.IsAsync(none, HttpStatusCode.BadRequest, "request.invalid");
        await ProblemAssert.IsAsync(array, HttpStatusCode.BadRequest, "request.invalid");
    }

    private async Task<HttpResponseMessage> PostAsync(string path, byte red, byte blue)
    {
        using var image = new ByteArrayContent(RedOrBlue.Image(red, 0, blue));
        image.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        return await _service.Client.PostAsync(CnnServiceApplication.Relative(path), image);
    }

    private static async Task<byte[]> PngAsync(HttpResponseMessage answer)
    {
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{(int)answer.StatusCode}: {System.Text.Encoding.UTF8.GetString(bytes)}");
        Assert.Equal("image/png", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(PngSignature, bytes[..8]);
        Assert.InRange(BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(16)), 8, 4096);
        return bytes;
    }
}
