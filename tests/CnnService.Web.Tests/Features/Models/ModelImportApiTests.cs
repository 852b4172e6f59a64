using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using CnnService.Core.Architecture;
using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Onnx.Export;
using CnnService.Web.Artifacts;
using Microsoft.Extensions.DependencyInjection;

namespace CnnService.Web.Tests.Features.Models;

/// <summary>POST /models with files that are opened in a real child process.</summary>
public sealed class ModelImportApiTests : IAsyncLifetime
{
    private const string Architecture = """
        {"input":{"height":8,"width":8,"channels":3},"layers":[
          {"type":"conv2d","name":"look","filters":2,"kernelSize":1},
          {"type":"globalAveragePooling2d","name":"mean"},
          {"type":"dense","name":"choose","units":2}]}
        """;

    private readonly CnnServiceApplication _service = new(new() { ["Models:ImportTimeout"] = "00:05:00" });

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task Import_WeightsAndArchitecture_ClassifiesWithTheGivenNames()
    {
        using var answer = await PostAsync(Weights(), ("name", "colours"), ("architecture", Architecture), ("labels", "red\nblue\n"),
            ("preprocessing", "rescale"));

        var version = await CnnServiceApplication.JsonAsync(answer);
        Assert.True(answer.StatusCode == HttpStatusCode.Created, version.ToString());
        Assert.Equal("/models/colours/versions/1", answer.Headers.Location?.OriginalString);
        Assert.Equal(4, version.GetProperty("import").GetProperty("weights").GetProperty("filled").GetArrayLength());
        Assert.Equal("safetensors", version.GetProperty("source").GetProperty("format").GetString());
        Assert.InRange(version.GetProperty("parity").GetProperty("largestDifference").GetDouble(), 0, 1e-4);
        Assert.Equal((8, "generated", "torchSharp"), Compared(version.GetProperty("parity")));
        Assert.False(version.GetProperty("import").TryGetProperty("againstFile", out _));
        await AssertToldLaterAsync(version);
        await AssertClassifiesAsync("colours");
        Assert.Empty(Directory.GetFileSystemEntries(_service.Services.GetRequiredService<DataFolders>().Uploads));
    }

    [Fact]
    public async Task Import_Onnx_ClassifiesAndIsLookedInto()
    {
        using var answer = await PostAsync(Onnx(), ("name", "colours"), ("labels", "red\nblue"), ("preprocessing", "rescale"));

        var version = await CnnServiceApplication.JsonAsync(answer);
        Assert.True(answer.StatusCode == HttpStatusCode.Created, version.ToString());
        Assert.Equal("onnx", version.GetProperty("source").GetProperty("format").GetString());
        Assert.Empty(version.GetProperty("import").GetProperty("unsupported").EnumerateArray());
        Assert.Equal((8, "generated", "torchSharp"), Compared(version.GetProperty("parity")));
        Assert.Equal((8, "generated", "importedFile"), Compared(version.GetProperty("import").GetProperty("againstFile")));
        await AssertToldLaterAsync(version);
        await AssertClassifiesAsync("colours");
        var layers = await _service.GetJsonAsync("visualize?model=colours");
        Assert.Contains("look", layers.GetProperty("layers").EnumerateArray().Select(layer => layer.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task Import_OnnxWithAnUnknownOperator_IsServedAsItIs_AndSaysWhy()
    {
        // Of values between 0 and 1 that are not whole, Ceil would make ones: the images below are pure red and pure blue.
        var file = Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(Onnx()).Replace("Relu", "Ceil", StringComparison.Ordinal));
        using var answer = await PostAsync(file, ("name", "graph"), ("labels", "red\nblue"), ("preprocessing", "rescale"));

        var version = await CnnServiceApplication.JsonAsync(answer);
        Assert.True(answer.StatusCode == HttpStatusCode.Created, version.ToString());
        var unsupported = Assert.Single(version.GetProperty("import").GetProperty("unsupported").EnumerateArray());
        Assert.Equal("Ceil", unsupported.GetProperty("operation").GetString());
        Assert.Equal("look/activation", unsupported.GetProperty("node").GetString());
        Assert.True(version.GetProperty("import").GetProperty("graphOnly").GetBoolean());
        Assert.Equal(["onnx", "summary"], version.GetProperty("links").EnumerateObject().Select(link => link.Name));
        Assert.Equal(JsonValueKind.Null, version.GetProperty("parity").ValueKind);
        await AssertToldLaterAsync(version);
        using var image = Image(0, 255);
        using var classified = await _service.Client.PostAsync(CnnServiceApplication.Relative("classify?model=graph"), image);
        var result = (await CnnServiceApplication.JsonAsync(classified)).GetProperty("results")[0];
        Assert.Equal("blue", result.GetProperty("label").GetString());
        Assert.Equal(1 / (1 + Math.Exp(-4)), result.GetProperty("probability").GetDouble(), 1e-5);
        await ProblemAssert.IsAsync(await _service.Client.GetAsync(CnnServiceApplication.Relative("visualize?model=graph")),
            HttpStatusCode.UnprocessableEntity, "model.no-layers");
        await ProblemAssert.IsAsync(
            await _service.Client.GetAsync(CnnServiceApplication.Relative("models/graph/versions/1/onnx?fold=true")),
            HttpStatusCode.UnprocessableEntity, "model.no-layers");
        await ProblemAssert.IsAsync(await _service.Client.GetAsync(CnnServiceApplication.Relative("models/graph/versions/1/weights")),
            HttpStatusCode.UnprocessableEntity, "model.no-layers");
    }

    [Fact]
    public async Task Import_OnnxWithAnArchitecture_IsRefused()
    {
        using var answer = await PostAsync(Onnx(), ("name", "both"), ("architecture", "lenet5"));

        await ProblemAssert.IsAsync(answer, HttpStatusCode.BadRequest, "request.invalid");
    }

    [Fact]
    public async Task Import_LackingTheHead_CanBeLookedIntoAndClassifiesNothing()
    {
        using var answer = await PostAsync(Weights(withHead: false), ("name", "features"), ("architecture", Architecture));

        var version = await CnnServiceApplication.JsonAsync(answer);
        Assert.True(answer.StatusCode == HttpStatusCode.Created, version.ToString());
        Assert.Empty(version.GetProperty("classes").EnumerateArray());
        await AssertToldLaterAsync(version);
        Assert.Equal(["choose.weight", "choose.bias"],
            version.GetProperty("import").GetProperty("weights").GetProperty("missing").EnumerateArray()
            .Select(tensor => tensor.GetProperty("name").GetString()));
        using var image = new ByteArrayContent(RedOrBlue.Image(10, 0, 240));
        image.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        using var maps = await _service.Client.PostAsync(CnnServiceApplication.Relative("visualize/look?model=features"), image);
        Assert.Equal("image/png", maps.Content.Headers.ContentType?.MediaType);
        using var again = new ByteArrayContent(RedOrBlue.Image(10, 0, 240));
        again.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        using var classified = await _service.Client.PostAsync(CnnServiceApplication.Relative("classify?model=features"), again);
        await ProblemAssert.IsAsync(classified, HttpStatusCode.UnprocessableEntity, "model.no-classes");
    }

    [Fact]
    public async Task Import_SameKeyAgain_IsTheSameVersion()
    {
        using var first = await PostAsync(Weights(), "once", ("name", "one"), ("architecture", Architecture));
        using var second = await PostAsync(Weights(), "once", ("name", "one"), ("architecture", Architecture));
        using var other = await PostAsync(Weights(), "once", ("name", "two"), ("architecture", Architecture));

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created), (first.StatusCode, second.StatusCode));
        var told = await CnnServiceApplication.JsonAsync(second);
        Assert.Equal((1, true), (told.GetProperty("version").GetInt32(), told.TryGetProperty("import", out _)));
        Assert.False(other.IsSuccessStatusCode);
        Assert.Single((await _service.GetJsonAsync("models/one")).GetProperty("versions").EnumerateArray());
    }

    [Fact]
    public async Task Import_OfNothing_TellsAllFaults()
    {
        using var answer = await PostAsync(null, ("name", "No"), ("shape", "round"), ("labels", "red\n\nblue"), ("preprocessing", "gray"));

        var problem = await ProblemAssert.IsAsync(answer, HttpStatusCode.BadRequest, "request.invalid");
        Assert.Equal(["file", "labels", "name", "preprocessing", "shape"],
            problem.GetProperty("errors").EnumerateObject().Select(error => error.Name).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("PK\u0003\u0004 something", HttpStatusCode.UnsupportedMediaType, "model.unsupported-format")]
    [InlineData("a list of things", HttpStatusCode.UnsupportedMediaType, "model.unsupported-format")]
    [InlineData("\u0009\0\0\0\0\0\0\0{\"a\":[1]}", HttpStatusCode.UnprocessableEntity, "safetensors.unreadable")]
    public async Task Import_OfWhatIsNoNetwork_IsAProblemAndLeavesNothing(string content, HttpStatusCode status, string code)
    {
        using var answer = await PostAsync(Encoding.Latin1.GetBytes(content), ("name", "bad"), ("architecture", "lenet5"));

        await ProblemAssert.IsAsync(answer, status, code);
        Assert.Empty((await _service.GetJsonAsync("models")).GetProperty("items").EnumerateArray());
        Assert.Empty(Directory.GetFileSystemEntries(_service.Services.GetRequiredService<DataFolders>().Uploads));
    }

    [Fact]
    public async Task Import_WeightsInAnotherFile_AsPartsOrAsZip_Classifies()
    {
        var (network, data) = SplitModel.Create();
        using var parts = await PostFilesAsync([("model.onnx", network), ("weights.bin", data)], ("name", "parts"), ("labels", "red\nblue"),
            ("preprocessing", "rescale"));
        using var zip = await PostFilesAsync([("all.zip", Zip(("export/model.onnx", network), ("export/weights.bin", data)))],
            ("name", "zipped"), ("labels", "red\nblue"), ("preprocessing", "rescale"));
        using var alone = await PostAsync(network, ("name", "alone"));

        Assert.True(parts.StatusCode == HttpStatusCode.Created, await parts.Content.ReadAsStringAsync());
        Assert.True(zip.StatusCode == HttpStatusCode.Created, await zip.Content.ReadAsStringAsync());
        await AssertClassifiesAsync("parts");
        await AssertClassifiesAsync("zipped");
        var problem = await ProblemAssert.IsAsync(alone, HttpStatusCode.UnprocessableEntity, "onnx.external-data");
        Assert.Contains("'weights.bin'", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_service.Services.GetRequiredService<DataFolders>().Uploads));
    }

    [Fact]
    public async Task Import_SeveralFilesThatCannotBeToldApart_IsRefused()
    {
        var (network, data) = SplitModel.Create();
        using var two = await PostFilesAsync([("a.onnx", network), ("b.onnx", network)], ("name", "two"));
        using var none = await PostFilesAsync([("a", network), ("b", data)], ("name", "none"));
        using var zip = await PostFilesAsync(
            [("all.zip", Zip(("x/model.onnx", network), ("x/w", data), ("y/w", data)))], ("name", "twice"));

        foreach (var answer in new[] { two, none })
        {
            var problem = await ProblemAssert.IsAsync(answer, HttpStatusCode.BadRequest, "request.invalid");
            Assert.Contains("exactly one must be named *.onnx", problem.GetProperty("errors").GetProperty("file")[0].GetString(),
                StringComparison.Ordinal);
        }

        await ProblemAssert.IsAsync(zip, HttpStatusCode.UnprocessableEntity, "model.archive");
    }

    [Fact]
    public async Task Import_OfTensors_IsServedUnderTheirNames_AndClassifiesNothing()
    {
        using var answer = await PostAsync(SplitModel.Tensors(), ("name", "detector"));

        var version = await CnnServiceApplication.JsonAsync(answer);
        Assert.True(answer.StatusCode == HttpStatusCode.Created, version.ToString());
        Assert.Equal("tensors", version.GetProperty("import").GetProperty("task").GetString());
        var metadata = await _service.GetJsonAsync("v2/models/detector");
        Assert.Equal(["boxes [-1,3,8,8]", "scores [-1,3,8,8]"], metadata.GetProperty("outputs").EnumerateArray()
            .Select(output => $"{output.GetProperty("name").GetString()} {output.GetProperty("shape").GetRawText()}"));
        using var image = Image(0, 255);
        using var classified = await _service.Client.PostAsync(CnnServiceApplication.Relative("classify?model=detector"), image);
        var problem = await ProblemAssert.IsAsync(classified, HttpStatusCode.UnprocessableEntity, "model.no-classes");
        Assert.Contains("'boxes' [3, 8, 8]", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_WithAnOutputThatIsNotThere_ListsThoseThatAre()
    {
        using var answer = await PostAsync(Onnx(), ("name", "colours"), ("output", "score"));

        var problem = await ProblemAssert.IsAsync(answer, HttpStatusCode.UnprocessableEntity, "onnx.output");
        Assert.Contains("'probabilities' [2]", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    private static (int Images, string? On, string? Reference) Compared(JsonElement parity) =>
        (parity.GetProperty("images").GetInt32(), parity.GetProperty("on").GetString(), parity.GetProperty("reference").GetString());

    /// <summary>What the answer to the import told is told of the version afterwards.</summary>
    private async Task AssertToldLaterAsync(JsonElement imported)
    {
        var later = await _service.GetJsonAsync($"models/{imported.GetProperty("model").GetString()}/versions/1");
        Assert.True(JsonElement.DeepEquals(imported.GetProperty("import"), later.GetProperty("import")),
            later.GetProperty("import").ToString());
        Assert.True(JsonElement.DeepEquals(imported.GetProperty("parity"), later.GetProperty("parity")),
            later.GetProperty("parity").ToString());
    }

    /// <summary>Filters: mean red and mean blue; logits four times those.</summary>
    private async Task AssertClassifiesAsync(string model)
    {
        using var image = Image(10, 240);
        using var classified = await _service.Client.PostAsync(CnnServiceApplication.Relative($"classify?model={model}"), image);
        var result = (await CnnServiceApplication.JsonAsync(classified)).GetProperty("results")[0];
        Assert.Equal("blue", result.GetProperty("label").GetString());
        Assert.Equal(1 / (1 + Math.Exp(4 * (10 - 240) / 255.0)), result.GetProperty("probability").GetDouble(), 1e-5);
    }

    private static ByteArrayContent Image(byte red, byte blue)
    {
        var image = new ByteArrayContent(RedOrBlue.Image(red, 0, blue));
        image.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        return image;
    }

    /// <summary>The same network as a file that ends in softmax, its convolution in a rectifier.</summary>
    private static byte[] Onnx()
    {
        var spec = new NetworkSpec(
            new(8, 8, 3),
            [
                new Conv2dLayer { Name = "look", Filters = 2, KernelSize = new(1, 1), Activation = ActivationKind.Relu },
                new GlobalAveragePooling2dLayer { Name = "mean" },
                new DenseLayer { Name = "choose", Units = 2 },
            ]);
        var weights = new NamedWeights();
        weights.Add("look.weight", new([2, 3, 1, 1], [1, 0, 0, 0, 0, 1]));
        weights.Add("look.bias", new([2], [0, 0]));
        weights.Add("choose.weight", new([2, 2], [4, 0, 0, 4]));
        weights.Add("choose.bias", new([2], [0, 0]));
        var network = NetworkSpecValidator.Resolve(spec, 2, new ValidationErrors())!;
        return new OnnxExporter().Export(network, weights, ["a", "b"], Preprocessing.Create(NormalizationKind.Rescale, 3, [], []));
    }

    private static byte[] Zip(params (string Name, byte[] Content)[] files)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in files)
            {
                using var entry = archive.CreateEntry(name).Open();
                entry.Write(content);
            }
        }

        return stream.ToArray();
    }

    private static byte[] Weights(bool withHead = true)
    {
        var tensors = new List<(string Name, int[] Shape, float[] Values)>
        {
            ("look.weight", [2, 3, 1, 1], [1, 0, 0, 0, 0, 1]),
            ("look.bias", [2], [0, 0]),
        };
        if (withHead)
        {
            tensors.Add(("choose.weight", [2, 2], [4, 0, 0, 4]));
            tensors.Add(("choose.bias", [2], [0, 0]));
        }

        var offset = 0;
        var header = new Dictionary<string, object>();
        foreach (var (name, shape, values) in tensors)
        {
            header[name] = new { dtype = "F32", shape, data_offsets = new[] { offset, offset += values.Length * sizeof(float) } };
        }

        var json = JsonSerializer.SerializeToUtf8Bytes(header);
        return [.. BitConverter.GetBytes((long)json.Length), .. json,
            .. tensors.SelectMany(tensor => tensor.Values).SelectMany(BitConverter.GetBytes)];
    }

    private Task<HttpResponseMessage> PostAsync(byte[]? file, params (string Name, string Value)[] fields) => PostAsync(file, null, fields);

    private Task<HttpResponseMessage> PostFilesAsync(
        (string Name, byte[] Content)[] files, params (string Name, string Value)[] fields) => PostFilesAsync(files, null, fields);

    private Task<HttpResponseMessage> PostAsync(byte[]? file, string? key, params (string Name, string Value)[] fields) =>
        PostFilesAsync(file is null ? [] : [("file", file)], key, fields);

    private async Task<HttpResponseMessage> PostFilesAsync(
        (string Name, byte[] Content)[] files, string? key, (string Name, string Value)[] fields)
    {
        using var form = new MultipartFormDataContent();
        foreach (var (name, value) in fields)
        {
            form.Add(new StringContent(value), name);
        }

        foreach (var (name, content) in files)
        {
            form.Add(new ByteArrayContent(content), "file", name);
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, CnnServiceApplication.Relative("models")) { Content = form };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return await _service.Client.SendAsync(request);
    }
}
