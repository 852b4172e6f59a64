using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace CnnService.Web.Tests.Features.Datasets;

public sealed class DatasetsApiTests(CnnServiceApplication service) : IClassFixture<CnnServiceApplication>
{
    [Fact]
    public async Task Archive_Imported_IsReadyWithItsClassesAndImages()
    {
        using var answer = await UploadAsync("colours", Archive());
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal("/datasets/colours", answer.Headers.Location?.OriginalString);
        var dataset = await ReadyAsync("colours");
        Assert.Equal(["blue", "red"], dataset.GetProperty("classes").EnumerateArray().Select(one => one.GetProperty("name").GetString()));
        Assert.Equal(3, dataset.GetProperty("channels").GetInt32());
        Assert.Equal(20,
            dataset.GetProperty("classes").EnumerateArray()
            .Sum(one => one.GetProperty("train").GetInt32() + one.GetProperty("validation").GetInt32()));
        var rejected = Assert.Single(dataset.GetProperty("rejected").EnumerateArray());
        Assert.Contains("broken.png", rejected.GetProperty("path").GetString(), StringComparison.Ordinal);
        await NoUploadIsLeftAsync();
        await BrowseAsync();
        await DeleteAsync("colours");
    }

    [Fact]
    public async Task Sample_Imported_IsReady()
    {
        using var answer = await PostAsync("""{"name":"sample","sample":"shapes"}""");
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var dataset = await ReadyAsync("sample");
        Assert.Equal(3, dataset.GetProperty("classes").GetArrayLength());
        using var twice = await PostAsync("""{"name":"sample","sample":"shapes"}""");
        await ProblemAssert.IsAsync(twice, HttpStatusCode.Conflict, "dataset.exists");
    }

    [Fact]
    public async Task SmallSample_Imported_HasTenImagesOfAClassToTrainOn()
    {
        using var answer = await PostAsync("""{"name":"few","sample":"shapes-few"}""");
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var dataset = await ReadyAsync("few");
        Assert.All(dataset.GetProperty("classes").EnumerateArray(), one =>
            Assert.Equal((10, 50), (one.GetProperty("train").GetInt32(), one.GetProperty("validation").GetInt32())));
    }

    [Fact]
    public async Task SameIdempotencyKey_GivesTheSameAnswer()
    {
        const string Body = """{"name":"once","sample":"shapes"}""";
        using var first = await PostAsync(Body, "key-1");
        using var second = await PostAsync(Body, "key-1");
        Assert.Equal(HttpStatusCode.Accepted, first.StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, second.StatusCode);
        Assert.Equal(first.Headers.Location, second.Headers.Location);
        using var other = await PostAsync("""{"name":"twice","sample":"shapes"}""", "key-1");
        await ProblemAssert.IsAsync(other, HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task SameIdempotencyKey_OfAnArchive_LeavesNoSecondUpload()
    {
        await using var idle = new CnnServiceApplication([], WithoutWorker.Remove);
        foreach (var _ in Enumerable.Range(0, 2))
        {
            using var form = Form("pending", Archive());
            using var request = new HttpRequestMessage(HttpMethod.Post, CnnServiceApplication.Relative("datasets")) { Content = form };
            request.Headers.Add("Idempotency-Key", "key-2");
            using var answer = await idle.Client.SendAsync(request);
            Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        }

        Assert.Single(Directory.EnumerateFiles(Path.Combine(idle.DataDirectory, "uploads")));
    }

    [Theory]
    [InlineData("""{"name":"Upper","sample":"shapes"}""", "name")]
    [InlineData("""{"name":"../x","sample":"shapes"}""", "name")]
    [InlineData("""{"name":"x","sample":"cats"}""", "sample")]
    [InlineData("""{"name":"x"}""", "path")]
    [InlineData("""{"name":"x","sample":"shapes","path":"/tmp"}""", "path")]
    [InlineData("""{"name":"x","sample":"shapes","validationFraction":0.9}""", "validationFraction")]
    [InlineData("""{"name":"x","sample":"shapes","state":"ready"}""", "state")]
    [InlineData("""{"sample":"shapes"}""", "name")]
    [InlineData("""{"name":1,"sample":"shapes"}""", "name")]
    public async Task UnsoundRequest_NamesTheField(string body, string field)
    {
        using var answer = await PostAsync(body);
        var problem = await ProblemAssert.IsAsync(answer, HttpStatusCode.BadRequest, "request.invalid");
        Assert.True(problem.GetProperty("errors").TryGetProperty(field, out _), problem.ToString());
    }

    [Theory]
    [InlineData("/etc")]
    [InlineData("file:///etc")]
    [InlineData("relative")]
    public async Task Path_WithoutImportRoots_Is403(string path)
    {
        using var answer = await PostAsync($$"""{"name":"x","path":"{{path}}"}""");
        await ProblemAssert.IsAsync(answer, HttpStatusCode.Forbidden, "dataset.no-import-root");
    }

    [Fact]
    public async Task Path_OutsideTheRoot_HoweverWritten_IsRefused()
    {
        using var roots = new TemporaryFolder();
        var root = Directory.CreateDirectory(Path.Combine(roots.Path, "root")).FullName;
        var outside = Directory.CreateDirectory(Path.Combine(roots.Path, "rooted")).FullName;
        Directory.CreateDirectory(Path.Combine(outside, "inner"));
        Directory.CreateSymbolicLink(Path.Combine(root, "link"), outside);
        Directory.CreateSymbolicLink(Path.Combine(root, "chain"), Path.Combine(root, "link", "inner"));
        await using var rooted = new CnnServiceApplication(new() { ["Datasets:ImportRoots:0"] = root });
        foreach (var path in new[] { outside, $"{root}/../rooted", $"{root}/link", $"{root}/link/inner", $"{root}/chain", $"{root}#/x", "/",
            $"{root}/nothing", "//etc" })
        {
            using var content = new StringContent(JsonSerializer.Serialize(new { name = "x", path }), Encoding.UTF8, "application/json");
            using var answer = await rooted.Client.PostAsync(CnnServiceApplication.Relative("datasets"), content);
            Assert.True(answer.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.UnprocessableEntity,
                $"{path}: {(int)answer.StatusCode}");
        }
    }

    [Fact]
    public async Task UploadThatBreaksOff_LeavesNothing()
    {
        using var whole = Form("cut", Archive());
        var bytes = await whole.ReadAsByteArrayAsync();
        using var cut = new ByteArrayContent(bytes[..(bytes.Length / 2)]);
        cut.Headers.ContentType = whole.Headers.ContentType;
        using var answer = await service.Client.PostAsync(CnnServiceApplication.Relative("datasets"), cut);
        await ProblemAssert.IsAsync(answer, HttpStatusCode.BadRequest);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(service.DataDirectory, "uploads")));
        using var missing = await service.Client.GetAsync(CnnServiceApplication.Relative("datasets/cut"));
        await ProblemAssert.IsAsync(missing, HttpStatusCode.NotFound, "dataset.not-found");
    }

    [Fact]
    public async Task NoArchive_EndsInAFailureThatSaysWhy()
    {
        using var answer = await UploadAsync("text", "this is no archive"u8.ToArray());
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var dataset = await EndedAsync("text");
        Assert.Equal("failed", dataset.GetProperty("status").GetString());
        Assert.NotEmpty(dataset.GetProperty("failure").GetProperty("detail").GetString()!);
        await DeleteAsync("text");
    }

    [Theory]
    [InlineData("Bad Name", "0.2", "name")]
    [InlineData("fine", "2", "validationFraction")]
    [InlineData("fine", "many", "validationFraction")]
    public async Task UnsoundForm_NamesTheFieldAndLeavesNothing(string name, string fraction, string field)
    {
        using var form = Form(name, Archive());
        form.Add(new StringContent(fraction), "validationFraction");
        using var answer = await service.Client.PostAsync(CnnServiceApplication.Relative("datasets"), form);
        var problem = await ProblemAssert.IsAsync(answer, HttpStatusCode.BadRequest, "request.invalid");
        Assert.True(problem.GetProperty("errors").TryGetProperty(field, out _), problem.ToString());
    }

    private async Task BrowseAsync()
    {
        var page = await service.GetJsonAsync("datasets/colours/images?split=train&class=red&limit=1");
        var image = Assert.Single(page.GetProperty("items").EnumerateArray());
        Assert.Equal("red", image.GetProperty("class").GetString());
        var next = await service.GetJsonAsync(
            $"datasets/colours/images?split=train&class=red&limit=1&after={page.GetProperty("next").GetString()}");
        using var stray = await service.Client.GetAsync(CnnServiceApplication.Relative("datasets/colours/images?after=nothing"));
        Assert.True(
            (await ProblemAssert.IsAsync(stray, HttpStatusCode.BadRequest, "request.invalid")).GetProperty("errors")
            .TryGetProperty("after", out _));
        Assert.NotEqual(image.GetProperty("id").GetString(), next.GetProperty("items")[0].GetProperty("id").GetString());

        var url = image.GetProperty("url").GetString()!;
        using var whole = await service.Client.GetAsync(CnnServiceApplication.Relative(url));
        Assert.Equal("image/png", whole.Content.Headers.ContentType?.MediaType);
        Assert.Equal("nosniff", Assert.Single(whole.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("inline", whole.Content.Headers.ContentDisposition?.DispositionType);
        using var thumbnail = await service.Client.GetAsync(CnnServiceApplication.Relative($"{url}?size=16"));
        Assert.Equal("image/jpeg", thumbnail.Content.Headers.ContentType?.MediaType);
        using var tooLarge = await service.Client.GetAsync(CnnServiceApplication.Relative($"{url}?size=1025"));
        await ProblemAssert.IsAsync(tooLarge, HttpStatusCode.BadRequest);
        using var wrongSplit = await service.Client.GetAsync(CnnServiceApplication.Relative("datasets/colours/images?split=nothing"));
        await ProblemAssert.IsAsync(wrongSplit, HttpStatusCode.BadRequest);
    }

    private async Task DeleteAsync(string name)
    {
        using var deleted = await service.Client.DeleteAsync(CnnServiceApplication.Relative($"datasets/{name}"));
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        using var gone = await service.Client.GetAsync(CnnServiceApplication.Relative($"datasets/{name}"));
        await ProblemAssert.IsAsync(gone, HttpStatusCode.NotFound, "dataset.not-found");
        Assert.False(Directory.Exists(Path.Combine(service.DataDirectory, "datasets", name)));
    }

    /// <summary>Ten red and ten blue images, and one file that is none.</summary>
    private static byte[] Archive()
    {
        using var memory = new MemoryStream();
        using (var zip = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            for (byte i = 0; i < 10; i++)
            {
                Add(zip, $"red/{i}.png", RedOrBlue.Image((byte)(200 + i), i, 0, side: 24));
                Add(zip, $"blue/{i}.png", RedOrBlue.Image(0, i, (byte)(200 + i), side: 24));
            }

            Add(zip, "blue/broken.png", [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0]);
        }

        return memory.ToArray();
    }

    private static void Add(ZipArchive zip, string name, byte[] content)
    {
        using var stream = zip.CreateEntry(name).Open();
        stream.Write(content);
    }

    private static MultipartFormDataContent Form(string name, byte[] archive)
    {
        var file = new ByteArrayContent(archive);
        file.Headers.ContentType = new MediaTypeHeaderValue("application/zip");
        return new MultipartFormDataContent { { new StringContent(name), "name" }, { file, "file", "../../etc/passwd.zip" } };
    }

    private async Task<HttpResponseMessage> UploadAsync(string name, byte[] archive)
    {
        using var form = Form(name, archive);
        return await service.Client.PostAsync(CnnServiceApplication.Relative("datasets"), form);
    }

    private async Task<HttpResponseMessage> PostAsync(string body, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, CnnServiceApplication.Relative("datasets"))
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return await service.Client.SendAsync(request);
    }

    private async Task<JsonElement> ReadyAsync(string name)
    {
        var dataset = await EndedAsync(name);
        Assert.True(dataset.GetProperty("status").GetString() == "ready", dataset.ToString());
        return dataset;
    }

    /// <summary>The row is ready before the archive is deleted.</summary>
    private Task<int> NoUploadIsLeftAsync() => Eventually.IsAsync(
        () => Task.FromResult(Directory.EnumerateFiles(Path.Combine(service.DataDirectory, "uploads")).Count()), uploads => uploads == 0);

    private Task<JsonElement> EndedAsync(string name) => Eventually.IsAsync(
        () => service.GetJsonAsync($"datasets/{name}"), dataset => dataset.GetProperty("status").GetString() != "importing");
}
