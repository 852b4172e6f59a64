using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using CnnService.Web.Tests.Features.Visualize;

namespace CnnService.Web.Tests.Features.Inference;

/// <summary>/v2 by the bytes that Triton's and KServe's clients send.</summary>
public class InferenceApiTests(ServiceWithModel fixture) : IClassFixture<ServiceWithModel>
{
    private const string HeaderLength = "Inference-Header-Content-Length";
    private const int Area = RedOrBlue.Side * RedOrBlue.Side;

    private readonly CnnServiceApplication _service = fixture.Service;

    [Fact]
    public async Task Metadata_TellsInputsAndOutputs()
    {
        var json = await _service.GetJsonAsync("v2/models/colours");

        Assert.Equal(("colours", "onnx_onnxv1", "1"),
            (json.GetProperty("name").GetString(), json.GetProperty("platform").GetString(), json.GetProperty("versions")[0].GetString()));
        Assert.Equal("""[{"name":"input","datatype":"FP32","shape":[-1,3,32,32]}]""", json.GetProperty("inputs").GetRawText());
        Assert.Equal("""[{"name":"pixels","datatype":"UINT8","shape":[-1,32,32,3]},{"name":"image","datatype":"BYTES","shape":[-1]}]""",
            json.GetProperty("alternative_inputs").GetRawText());
        Assert.Equal("""[{"name":"probabilities","datatype":"FP32","shape":[-1,2]}]""", json.GetProperty("outputs").GetRawText());
        Assert.Equal("""[{"name":"logits","datatype":"FP32","shape":[-1,2]}]""", json.GetProperty("alternative_outputs").GetRawText());
    }

    [Theory]
    [InlineData("v2/health/live", "live")]
    [InlineData("v2/health/ready", "ready")]
    [InlineData("v2/models/colours/ready", "ready")]
    [InlineData("v2/models/colours/versions/1/ready", "ready")]
    public async Task Readiness_IsTrue(string path, string word) =>
    Assert.True((await _service.GetJsonAsync(path)).GetProperty(word).GetBoolean());

    [Fact]
    public async Task Infer_OfJsonTensors_GivesWhatTheNetworkIs()
    {
        var json = await InferAsync(
            $$"""{"id":"42","inputs":[{"name":"input","shape":[2,3,32,32],"datatype":"FP32","data":[{{Planes(1, 0, 0)}},{{Planes(0, 0, 0.5)}}]}],"outputs":[{"name":"logits"}]}""");

        Assert.Equal(("42", "colours", "1"),
            (json.GetProperty("id").GetString(), json.GetProperty("model_name").GetString(),
                json.GetProperty("model_version").GetString()));
        var output = Assert.Single(json.GetProperty("outputs").EnumerateArray());
        Assert.Equal(("logits", "FP32", "[2,2]"),
            (output.GetProperty("name").GetString(), output.GetProperty("datatype").GetString(), output.GetProperty("shape").GetRawText()));
        AssertNear([4, 0, 0, 2], output.GetProperty("data"));
    }

    [Theory]
    [InlineData("\"id\":null,")]
    [InlineData("\"outputs\":null,")]
    [InlineData("\"outputs\":[],")]
    [InlineData("\"id\":null,\"parameters\":null,\"outputs\":[],")]
    [InlineData("\"parameters\":{\"binary_data_output\":null},")]
    public async Task Infer_WithNullOrEmptyFields_IsAsIfTheyWereLeftOut(string fields)
    {
        var json = await InferAsync(
            $$"""{{{fields}}"inputs":[{"name":"input","shape":[1,3,32,32],"datatype":"FP32","parameters":null,"data":[{{Planes(1, 0, 1)}}]}]}""");

        Assert.Equal(["probabilities"],
            json.GetProperty("outputs").EnumerateArray().Select(output => output.GetProperty("name").GetString()));
        Assert.False(json.TryGetProperty("id", out _));
    }

    [Fact]
    public async Task Infer_WithoutOutputs_GivesThoseOfTheMetadata()
    {
        var json = await InferAsync(
            $$"""{"inputs":[{"name":"input","shape":[1,3,32,32],"datatype":"FP32","data":[{{Planes(1, 0, 1)}}]}]}""");

        Assert.Equal(["probabilities"],
            json.GetProperty("outputs").EnumerateArray().Select(output => output.GetProperty("name").GetString()));
        Assert.False(json.TryGetProperty("id", out _));
    }

    [Fact]
    public async Task Infer_OfBinaryTensors_GivesBinaryTensorsBack()
    {
        var planes = new float[3 * Area];
        planes.AsSpan(0, Area).Fill(1);
        var head = Encoding.UTF8.GetBytes(
            $$$"""{"inputs":[{"name":"input","shape":[1,3,32,32],"datatype":"FP32","parameters":{"binary_data_size":{{{4 * planes.Length}}}}}],"outputs":[{"name":"logits","parameters":{"binary_data":true}},{"name":"pool"}]}""");

        using var answer = await PostAsync([.. head, .. MemoryMarshal.AsBytes(planes.AsSpan())],
            head.Length.ToString(CultureInfo.InvariantCulture));
        var body = await answer.Content.ReadAsByteArrayAsync();
        var length = int.Parse(answer.Headers.GetValues(HeaderLength).Single(), CultureInfo.InvariantCulture);
        var json = JsonSerializer.Deserialize<JsonElement>(body.AsSpan(0, length)).GetProperty("outputs");

        Assert.Equal("application/octet-stream", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(8, json[0].GetProperty("parameters").GetProperty("binary_data_size").GetInt32());
        Assert.Equal([4, 0], MemoryMarshal.Cast<byte, float>(body.AsSpan(length)).ToArray());
        AssertNear([1, 0], json[1].GetProperty("data")); // A layer: the mean of red and of blue.
    }

    [Fact]
    public async Task Infer_OfARawImage_GivesBinaryTensors()
    {
        using var answer = await PostAsync(RedOrBlue.Image(255, 0, 0), "0");
        var body = await answer.Content.ReadAsByteArrayAsync();
        var length = int.Parse(answer.Headers.GetValues(HeaderLength).Single(), CultureInfo.InvariantCulture);

        Assert.Equal(RedOrBlue.Red(255, 0), MemoryMarshal.Cast<byte, float>(body.AsSpan(length))[0], 1e-5);
    }

    [Fact]
    public async Task Infer_OfPixels_PreprocessesThem()
    {
        var pixels = string.Join(',', Enumerable.Repeat("255,0,51", Area));
        var json = await InferAsync(
            $$"""{"inputs":[{"name":"pixels","shape":[1,32,32,3],"datatype":"UINT8","data":[{{pixels}}]}],"outputs":[{"name":"logits"}]}""");

        AssertNear([4, 0.8], json.GetProperty("outputs")[0].GetProperty("data"));
    }

    [Fact]
    public async Task Infer_WithClassification_NamesTheBestClasses()
    {
        var image = Convert.ToBase64String(RedOrBlue.Image(0, 0, 255));
        var json = await InferAsync(
            $$$"""{"inputs":[{"name":"image","shape":[1],"datatype":"BYTES","data":["{{{image}}}"]}],"outputs":[{"name":"probabilities","parameters":{"classification":1}}]}""");

        var output = json.GetProperty("outputs")[0];
        Assert.Equal(("BYTES", "[1,1]"), (output.GetProperty("datatype").GetString(), output.GetProperty("shape").GetRawText()));
        Assert.EndsWith(":1:blue", output.GetProperty("data")[0].GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"inputs":[]}""")]
    [InlineData("""{"inputs":[{"name":"input","shape":[3],"datatype":"BOOL","data":[true]}]}""")] // The specification's own example.
    [InlineData("""{"inputs":[{"name":"input","shape":[1,3,32,32],"datatype":"FP32","data":[1,2]}]}""")]
    [InlineData("""{"inputs":[{"name":"input","shape":[4294967296,1152921504606846978],"datatype":"FP32","data":[1]}]}""")]
    [InlineData("""{"inputs":[{"name":"input","shape":[-1,3,32,32],"datatype":"FP32","data":[1]}]}""")]
    [InlineData("""{"inputs":[{"name":"input","shape":[0,3,32,32],"datatype":"FP32","data":[]}]}""")]
    [InlineData("""{"inputs":[{"name":"input","shape":[1,3,32,32],"datatype":"INT32","data":[1]}]}""")]
    [InlineData("""{"inputs":[{"name":"input","shape":[1,3,32,32],"datatype":"XYZ","data":[1]}]}""")]
    [InlineData("""{"inputs":[{"name":"other","shape":[1],"datatype":"FP32","data":[1]}]}""")]
    [InlineData("""{"inputs":[{"name":"image","shape":[1],"datatype":"BYTES","data":["no base64!"]}]}""")]
    [InlineData("""{"inputs":[{"name":"image","shape":[1],"datatype":"BYTES","data":["AAAA"]}]}""")]
    [InlineData("""{"inputs":[{"name":"input","shape":[1,3,32,32],"datatype":"FP32","parameters":{"binary_data_size":12288}}]}""")]
    [InlineData("""{"inputs":[{"name":"input","shape":[1],"datatype":"FP32","data":["x"]}]}""")]
    [InlineData("""{"id":7,"inputs":[{"name":"input","shape":[1],"datatype":"FP32","data":[1]}]}""")]
    public async Task Infer_OfAnUnsoundRequest_Is400WithTheProtocolsError(string body)
    {
        using var answer = await PostAsync(Encoding.UTF8.GetBytes(body), null);

        await IsErrorAsync(answer, HttpStatusCode.BadRequest);
        Assert.True((await _service.GetJsonAsync("v2/health/live")).GetProperty("live").GetBoolean());
    }

    [Theory]
    [InlineData("{", "(line 1, byte 2): it ends before it is complete")]
    [InlineData("{\n \"inputs\": [\n", "it ends before it is complete")]
    [InlineData("", "the body is empty")]
    [InlineData("{} {}", "not valid JSON (line 1, byte 4)")]
    [InlineData("""{"inputs":[{"name":"image","shape":[2],"datatype":"BYTES","data":["AAAA","data:image/png;base64,AAAA"]}]}""",
        "element 1 is none, received \"data:image/png;base64,AAAA\"")]
    [InlineData(
        """{"inputs":[{"name":"input","shape":[1],"datatype":"FP32","data":[1]}],"outputs":[{"name":"logits","parameters":{"classification":1.5}}]}""", "'logits' must be a number of classes, or 0 "
            + "for the numbers "
            + "themselves, received 1.5")]
    public async Task Infer_OfAnUnsoundRequest_SaysWhatIsWrong(string body, string told)
    {
        using var answer = await PostAsync(Encoding.UTF8.GetBytes(body), null);

        Assert.Contains(told, await IsErrorAsync(answer, HttpStatusCode.BadRequest), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("99999999999")]
    [InlineData("-1")]
    [InlineData("x")]
    [InlineData("3")]
    public async Task Infer_WithAFalseHeaderLength_Is400(string length)
    {
        using var answer = await PostAsync("{}"u8.ToArray(), length);

        await IsErrorAsync(answer, HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Infer_OfAnOutputThatIsNotThere_Is400()
    {
        using var answer = await PostAsync(
            Encoding.UTF8.GetBytes(
                $$"""{"inputs":[{"name":"input","shape":[1,3,32,32],"datatype":"FP32","data":[{{Planes(0, 0, 0)}}]}],"outputs":[{"name":"nope"}]}"""), null);

        Assert.Contains("nope", await IsErrorAsync(answer, HttpStatusCode.BadRequest), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("v2/models/none")]
    [InlineData("v2/models/colours/versions/9")]
    [InlineData("v2/nothing")]
    public async Task WhatIsNotThere_Is404WithTheProtocolsError(string path)
    {
        using var answer = await _service.Client.GetAsync(CnnServiceApplication.Relative(path));

        await IsErrorAsync(answer, HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Statistics_CountImagesAndExecutions()
    {
        var before = await CountsAsync();
        await InferAsync(
            $$"""{"inputs":[{"name":"input","shape":[3,3,32,32],"datatype":"FP32","data":[{{Planes(1, 0, 0)}},{{Planes(1, 0, 0)}},{{Planes(1, 0, 0)}}]}]}""");
        var after = await CountsAsync();

        Assert.Equal((before.Images + 3, before.Executions + 1), after);
    }

    private static string Planes(double red, double green, double blue) =>
        string.Join(',',
            new[] { red, green, blue }.SelectMany(value => Enumerable.Repeat(value.ToString(CultureInfo.InvariantCulture), Area)));

    private static void AssertNear(double[] expected, JsonElement data)
    {
        var values = data.EnumerateArray().Select(value => value.GetDouble()).ToArray();
        Assert.Equal(expected.Length, values.Length);
        Assert.All(expected.Zip(values), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }

    private static async Task<string> IsErrorAsync(HttpResponseMessage answer, HttpStatusCode status)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(status == answer.StatusCode, $"expected {status}, received {answer.StatusCode}: {text}");
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        var error = Assert.Single(JsonSerializer.Deserialize<JsonElement>(text).EnumerateObject());
        Assert.Equal("error", error.Name);
        return error.Value.GetString()!;
    }

    private async Task<(long Images, long Executions)> CountsAsync()
    {
        var stats = (await _service.GetJsonAsync("v2/models/colours/stats")).GetProperty("model_stats")[0];
        return (stats.GetProperty("inference_count").GetInt64(), stats.GetProperty("execution_count").GetInt64());
    }

    private async Task<JsonElement> InferAsync(string body)
    {
        using var answer = await PostAsync(Encoding.UTF8.GetBytes(body), null);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return await CnnServiceApplication.JsonAsync(answer);
    }

    private async Task<HttpResponseMessage> PostAsync(byte[] body, string? headerLength)
    {
        using var content = new ByteArrayContent(body);
        if (headerLength is not null)
        {
            content.Headers.TryAddWithoutValidation(HeaderLength, headerLength);
        }

        return await _service.Client.PostAsync(CnnServiceApplication.Relative("v2/models/colours/infer"), content);
    }
}
