using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Drawing.Png;

namespace CnnService.Web.Tests.Features.Datasets;

/// <summary>A service with one small data set of coloured noise, shared by the tests of a class.</summary>
public sealed class ServiceWithImages : IAsyncLifetime
{
    public CnnServiceApplication Service { get; } = new();

    public string TrainingImage { get; private set; } = string.Empty;

    public string ValidationImage { get; private set; } = string.Empty;

    public async ValueTask InitializeAsync()
    {
        using var file = new ByteArrayContent(Archive());
        file.Headers.ContentType = new MediaTypeHeaderValue("application/zip");
        using var form = new MultipartFormDataContent { { new StringContent("noise"), "name" }, { file, "file", "noise.zip" } };
        using var answer = await Service.Client.PostAsync(CnnServiceApplication.Relative("datasets"), form);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        await Eventually.IsAsync(() => Service.GetJsonAsync("datasets/noise"),
            dataset => dataset.GetProperty("status").GetString() == "ready");

        TrainingImage = await IdAsync("train");
        ValidationImage = await IdAsync("validation");
    }

    public ValueTask DisposeAsync() => Service.DisposeAsync();

    private async Task<string> IdAsync(string split)
    {
        var items = (await Service.GetJsonAsync($"datasets/noise/images?split={split}")).GetProperty("items");
        return items[items.GetArrayLength() - 1].GetProperty("id").GetString()!;
    }

    private static byte[] Archive()
    {
        using var memory = new MemoryStream();
        using (var zip = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, seed) in Enumerable.Range(0, 12).Select(i => ($"{(i % 2 == 0 ? "one" : "other")}/{i}.png", (ulong)i)))
            {
                var random = new CounterRandom(seed);
                var image = new PixelBuffer(24, 24, 3);
                foreach (ref var value in image.Data.AsSpan())
                {
                    value = (byte)random.NextInt32(256);
                }

                using var entry = zip.CreateEntry(name).Open();
                entry.Write(new PngEncoder().Encode(image, []));
            }
        }

        return memory.ToArray();
    }
}

public sealed class DatasetPreviewTests(ServiceWithImages fixture) : IClassFixture<ServiceWithImages>
{
    private const string Path = "datasets/noise/preview.png";

    [Fact]
    public async Task Preview_SameUrl_SameBytesAnd304()
    {
        using var first = await GetAsync("?size=24&count=3");
        var bytes = await PngAsync(first);
        using var second = await GetAsync("?size=24&count=3");
        Assert.Equal(bytes, await PngAsync(second));
        using var request = new HttpRequestMessage(HttpMethod.Get, CnnServiceApplication.Relative($"{Path}?size=24&count=3"));
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var unchanged = await fixture.Service.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
        Assert.Equal(first.Headers.ETag, unchanged.Headers.ETag);
    }

    [Theory]
    [InlineData("?seed=43")]
    [InlineData("?augmentation=strong")]
    [InlineData("?augmentation=none")]
    [InlineData("?count=2")]
    [InlineData("?size=40")]
    public async Task Preview_AnotherParameter_IsAnotherImage(string query)
    {
        using var usual = await GetAsync(string.Empty);
        using var other = await GetAsync(query);
        Assert.NotEqual(await PngAsync(usual), await PngAsync(other));
        Assert.NotEqual(usual.Headers.ETag, other.Headers.ETag);
    }

    [Fact]
    public async Task Preview_Defaults_AreThoseOfTraining()
    {
        using var usual = await GetAsync(string.Empty);
        using var written = await GetAsync("?augmentation=article&count=8&seed=42&size=150");
        Assert.Equal(await PngAsync(usual), await PngAsync(written));
    }

    [Fact]
    public async Task Preview_ObjectEqualToAPreset_IsTheSameImage()
    {
        var json = JsonSerializer.Serialize(Core.Datasets.AugmentationSpec.Article, CoreJson.Options);
        using var preset = await GetAsync("?augmentation=article");
        using var custom = await GetAsync($"?augmentation={Uri.EscapeDataString(json)}");
        Assert.Equal(await PngAsync(preset), await PngAsync(custom));
    }

    [Fact]
    public async Task Preview_OfAnotherImage_IsAnother()
    {
        using var first = await GetAsync(string.Empty);
        using var last = await GetAsync($"?image={fixture.TrainingImage}");
        Assert.NotEqual(await PngAsync(first), await PngAsync(last));
    }

    [Theory]
    [InlineData("count=0", "count")]
    [InlineData("count=65", "count")]
    [InlineData("seed=-1", "seed")]
    [InlineData("seed=9007199254740992", "seed")]
    [InlineData("size=7", "size")]
    [InlineData("size=513", "size")]
    [InlineData("augmentation=weak", "augmentation")]
    [InlineData("augmentation=%7B%22rotation%22:", "augmentation")]
    [InlineData("augmentation=%7B%22rotation%22:181%7D", "augmentation.rotation")]
    [InlineData("augmentation=%7B%22blur%22:1%7D", "augmentation.blur")]
    public async Task Preview_ParameterThatBreaksARule_NamesIt(string query, string field)
    {
        using var answer = await GetAsync($"?{query}");
        var problem = await ProblemAssert.IsAsync(answer, HttpStatusCode.BadRequest, "request.invalid");
        Assert.True(problem.GetProperty("errors").TryGetProperty(field, out _), problem.ToString());
    }

    [Fact]
    public async Task Preview_ManyBrokenRules_AreToldAtOnce()
    {
        using var answer = await GetAsync("?count=0&seed=-1&augmentation=weak");
        var problem = await ProblemAssert.IsAsync(answer, HttpStatusCode.BadRequest, "request.invalid");
        Assert.Equal(["augmentation", "count", "seed"], problem.GetProperty("errors").EnumerateObject().Select(error => error.Name));
    }

    [Fact]
    public async Task Preview_OfWhatIsNotThere_Is404()
    {
        using var dataset = await fixture.Service.Client.GetAsync(CnnServiceApplication.Relative("datasets/nothing/preview.png"));
        await ProblemAssert.IsAsync(dataset, HttpStatusCode.NotFound, "dataset.not-found");
        using var image = await GetAsync("?image=..%2F..%2Fetc%2Fpasswd");
        await ProblemAssert.IsAsync(image, HttpStatusCode.NotFound, "image.not-found");
    }

    [Fact]
    public async Task Preview_OfAValidationImage_Is422()
    {
        using var answer = await GetAsync($"?image={fixture.ValidationImage}");
        await ProblemAssert.IsAsync(answer, HttpStatusCode.UnprocessableEntity, "image.not-for-training");
    }

    private Task<HttpResponseMessage> GetAsync(string query) =>
        fixture.Service.Client.GetAsync(CnnServiceApplication.Relative(Path + query));

    private static async Task<byte[]> PngAsync(HttpResponseMessage answer)
    {
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{(int)answer.StatusCode}: {System.Text.Encoding.UTF8.GetString(bytes)}");
        Assert.Equal("image/png", answer.Content.Headers.ContentType?.MediaType);
        return bytes;
    }
}
