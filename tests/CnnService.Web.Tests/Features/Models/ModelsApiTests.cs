using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;

namespace CnnService.Web.Tests.Features.Models;

public sealed class ModelsApiTests : IAsyncLifetime
{
    private readonly CnnServiceApplication _service = new();

    public async ValueTask InitializeAsync()
    {
        await RedOrBlue.PublishAsync(_service, "colours");
        await RedOrBlue.PublishAsync(_service, "colours");
    }

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task List_PagesByName()
    {
        await RedOrBlue.PublishAsync(_service, "another");
        var first = await _service.GetJsonAsync("models?limit=1");
        Assert.Equal("another", first.GetProperty("items")[0].GetProperty("name").GetString());
        var second = await _service.GetJsonAsync($"models?limit=1&after={first.GetProperty("next").GetString()}");
        Assert.Equal("colours", second.GetProperty("items")[0].GetProperty("name").GetString());
        Assert.Equal(JsonValueKind.Null, second.GetProperty("next").ValueKind);
    }

    [Fact]
    public async Task Get_NamesVersionsAndLatest()
    {
        var model = await _service.GetJsonAsync("models/colours");
        Assert.Equal([2, 1], model.GetProperty("versions").EnumerateArray().Select(version => version.GetProperty("version").GetInt32()));
        Assert.Equal(2, model.GetProperty("aliases").GetProperty("latest").GetInt32());
        Assert.Equal(["red", "blue"],
            model.GetProperty("versions")[0].GetProperty("classes").EnumerateArray().Select(name => name.GetString()));
    }

    [Theory]
    [InlineData("onnx", "model.onnx")]
    [InlineData("weights", "weights.safetensors")]
    public async Task Download_HashIsThatOfTheManifest(string path, string file)
    {
        var version = await _service.GetJsonAsync("models/colours/versions/1");
        var expected =
            version.GetProperty("files").EnumerateArray().Single(one => one.GetProperty("name").GetString() == file).GetProperty("sha256")
            .GetString();
        using var answer = await _service.Client.GetAsync(CnnServiceApplication.Relative($"models/colours/versions/1/{path}"));
        Assert.Equal(expected, Convert.ToHexStringLower(SHA256.HashData(await answer.Content.ReadAsByteArrayAsync())));
        Assert.Equal("attachment", answer.Content.Headers.ContentDisposition?.DispositionType);
        using var head = new HttpRequestMessage(HttpMethod.Head, answer.RequestMessage!.RequestUri);
        using var told = await _service.Client.SendAsync(head);
        Assert.Equal((HttpStatusCode.OK, answer.Content.Headers.ContentLength), (told.StatusCode, told.Content.Headers.ContentLength));
        Assert.Empty(await told.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Version_ByAnAlias_IsTheOneItNames()
    {
        using var set = await _service.Client.PutAsJsonAsync(CnnServiceApplication.Relative("models/colours/aliases/production"),
            new { version = 1 });
        Assert.Equal(1, (await _service.GetJsonAsync("models/colours/versions/production")).GetProperty("version").GetInt32());
        var newest = await _service.GetJsonAsync("models/colours/versions/latest");
        Assert.Equal((2, "latest"),
            (newest.GetProperty("version").GetInt32(), Assert.Single(newest.GetProperty("aliases").EnumerateArray()).GetString()));
        using var file = await _service.Client.GetAsync(CnnServiceApplication.Relative("models/colours/versions/latest/weights"));
        Assert.Equal("colours-2.safetensors", file.Content.Headers.ContentDisposition?.FileName);
        using var unknown = await _service.Client.GetAsync(CnnServiceApplication.Relative("models/colours/versions/best/onnx"));
        await ProblemAssert.IsAsync(unknown, HttpStatusCode.NotFound, "model.alias-not-found");
    }

    [Theory]
    [InlineData("colours@1", "/models/colours/versions/1;")]
    [InlineData("colours:latest", "/models/colours/versions/latest;")]
    public async Task Get_VersionBehindTheName_TellsWhereItIs(string name, string address)
    {
        using var answer = await _service.Client.GetAsync(CnnServiceApplication.Relative($"models/{name}"));
        var problem = await ProblemAssert.IsAsync(answer, HttpStatusCode.NotFound, "model.not-found");
        Assert.Contains(address, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Onnx_MadeAnew_IsAnotherFileOfItsOwnName()
    {
        var plain = await _service.Client.GetByteArrayAsync(CnnServiceApplication.Relative("models/colours/versions/1/onnx"));
        using var answer = await _service.Client.GetAsync(
            CnnServiceApplication.Relative("models/colours/versions/1/onnx?preprocessing=included&precision=float16&fold=true"));
        var anew = await answer.Content.ReadAsByteArrayAsync();

        Assert.Equal("colours-1-pixels-float16-folded.onnx", answer.Content.Headers.ContentDisposition?.FileName);
        Assert.True(plain.AsSpan().IndexOf("images"u8) < 0);
        Assert.True(anew.AsSpan().IndexOf("images"u8) > 0);
        using var wrong = await _service.Client.GetAsync(
            CnnServiceApplication.Relative("models/colours/versions/1/onnx?preprocessing=inside&precision=int8"));
        var problem = await ProblemAssert.IsAsync(wrong, HttpStatusCode.BadRequest, "request.invalid");
        Assert.Equal(["precision", "preprocessing"], problem.GetProperty("errors").EnumerateObject().Select(error => error.Name));
    }

    [Fact]
    public async Task Weights_AreNamedByLayerInTheirPublishedLayout()
    {
        var file = await _service.Client.GetByteArrayAsync(CnnServiceApplication.Relative("models/colours/versions/1/weights"));
        var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(file);
        var header = JsonSerializer.Deserialize<JsonElement>(file.AsSpan(8, length));
        Assert.Equal([2, 3, 1, 1],
            header.GetProperty("conv_1.weight").GetProperty("shape").EnumerateArray().Select(size => size.GetInt32()));
        Assert.Equal([2, 2], header.GetProperty("output.weight").GetProperty("shape").EnumerateArray().Select(size => size.GetInt32()));
    }

    [Fact]
    public async Task Summary_IsTheLayerTable()
    {
        var summary = await _service.GetJsonAsync("models/colours/versions/1/summary");
        Assert.Equal((3 + 1) * 2 + (2 + 1) * 2, summary.GetProperty("totals").GetProperty("parameters").GetInt64());

        using var drawing = await _service.Client.GetAsync(CnnServiceApplication.Relative("models/colours/versions/1/summary?format=png"));
        Assert.Equal("image/png", drawing.Content.Headers.ContentType?.MediaType);
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], (await drawing.Content.ReadAsByteArrayAsync())[..4]);
        using var wrong = await _service.Client.GetAsync(CnnServiceApplication.Relative("models/colours/versions/1/summary?format=gif"));
        await ProblemAssert.IsAsync(wrong, HttpStatusCode.BadRequest, "request.invalid");
    }

    [Fact]
    public async Task DeleteVersion_TakesItsFilesAndItsAliases()
    {
        using var set = await _service.Client.PutAsJsonAsync(CnnServiceApplication.Relative("models/colours/aliases/production"),
            new { version = 1 });
        Assert.Equal(HttpStatusCode.OK, set.StatusCode);
        using var deleted = await _service.Client.DeleteAsync(CnnServiceApplication.Relative("models/colours/versions/1"));
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.False(Directory.Exists(Path.Combine(_service.DataDirectory, "models", "colours", "1")));
        var model = await _service.GetJsonAsync("models/colours");
        Assert.False(model.GetProperty("aliases").TryGetProperty("production", out _));
        using var gone = await _service.Client.GetAsync(CnnServiceApplication.Relative("models/colours/versions/1"));
        await ProblemAssert.IsAsync(gone, HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task DeleteModel_TakesAllVersions()
    {
        using var deleted = await _service.Client.DeleteAsync(CnnServiceApplication.Relative("models/colours"));
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        using var again = await _service.Client.DeleteAsync(CnnServiceApplication.Relative("models/colours"));
        await ProblemAssert.IsAsync(again, HttpStatusCode.NotFound, "model.not-found");
    }

    [Fact]
    public async Task DamagedVersion_Is503AndTheOtherServes()
    {
        var path = Path.Combine(_service.DataDirectory, "models", "colours", "1", "model.onnx");
        var bytes = await File.ReadAllBytesAsync(path);
        bytes[^10] ^= 1;
        await File.WriteAllBytesAsync(path, bytes);
        using var damaged = await _service.Client.GetAsync(CnnServiceApplication.Relative("models/colours/versions/1/onnx"));
        await ProblemAssert.IsAsync(damaged, HttpStatusCode.ServiceUnavailable, "model.corrupt");
        using var sound = await _service.Client.GetAsync(CnnServiceApplication.Relative("models/colours/versions/2/onnx"));
        Assert.Equal(HttpStatusCode.OK, sound.StatusCode);
    }
}
