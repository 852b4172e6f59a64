using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using CnnService.Web.Tests.Features.Visualize;

namespace CnnService.Web.Tests.Features.Inference;

/// <summary>Binary tensors on the wire, sound and unsound.</summary>
public class InferenceWireTests(ServiceWithModel fixture) : IClassFixture<ServiceWithModel>
{
    private const string HeaderLength = "Inference-Header-Content-Length";
    private const int Values = 3 * RedOrBlue.Side * RedOrBlue.Side;

    private static readonly string Announced = $"\"parameters\":{{\"binary_data_size\":{4 * Values}}}";

    private readonly CnnServiceApplication _service = fixture.Service;

    [Fact]
    public async Task Infer_WithBinaryOutputsForAll_GivesThemInOrderBehindTheJson()
    {
        var (json, tail) = await SoundAsync(
            $$$"""{"inputs":[{"name":"input","shape":[1,3,32,32],"datatype":"FP32",{{{Announced}}}}],"parameters":{"binary_data_output":true},"outputs":[{"name":"logits"},{"name":"probabilities"}]}""", Colour(1, 0, 0));

        Assert.Equal(["logits", "probabilities"],
            json.GetProperty("outputs").EnumerateArray().Select(output => output.GetProperty("name").GetString()));
        var values = MemoryMarshal.Cast<byte, float>(tail).ToArray();
        Assert.Equal([4f, 0f], values[..2]);
        Assert.Equal(RedOrBlue.Red(255, 0), values[2], 1e-5);
    }

    [Fact]
    public async Task Infer_WithOneOutputNotBinary_PutsThatIntoTheJson()
    {
        var (json, tail) = await SoundAsync(
            $$$"""{"inputs":[{"name":"input","shape":[1,3,32,32],"datatype":"FP32",{{{Announced}}}}],"parameters":{"binary_data_output":true},"outputs":[{"name":"logits","parameters":{"binary_data":false}},{"name":"probabilities"}]}""", Colour(0, 0, 1));

        Assert.Equal(4, json.GetProperty("outputs")[0].GetProperty("data")[1].GetDouble(), 1e-4);
        Assert.Equal(8, tail.Length);
    }

    [Fact]
    public async Task Infer_OfImagesAsBinaryTexts_GivesARowForEach()
    {
        byte[] files = [.. Element(RedOrBlue.Image(255, 0, 0)), .. Element(RedOrBlue.Image(0, 0, 255))];
        var (json, tail) = await SoundAsync(
            $$$"""{"inputs":[{"name":"image","shape":[2],"datatype":"BYTES","parameters":{"binary_data_size":{{{files.Length}}}}}],"outputs":[{"name":"probabilities","parameters":{"binary_data":true,"classification":1}}]}""", files);

        Assert.Equal(("BYTES", "[2,1]"),
            (json.GetProperty("outputs")[0].GetProperty("datatype").GetString(),
                json.GetProperty("outputs")[0].GetProperty("shape").GetRawText()));
        var first = BinaryPrimitives.ReadInt32LittleEndian(tail);
        Assert.EndsWith(":0:red", Encoding.UTF8.GetString(tail, 4, first), StringComparison.Ordinal);
        Assert.EndsWith(":1:blue", Encoding.UTF8.GetString(tail[(8 + first)..]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Infer_OfABodyOfUnknownLength_IsReadToItsEnd()
    {
        var head = Encoding.UTF8.GetBytes(
            $$$"""{"inputs":[{"name":"input","shape":[1,3,32,32],"datatype":"FP32",{{{Announced}}}}],"outputs":[{"name":"logits"}]}""");
        foreach (var (more, status) in new[] { (0, HttpStatusCode.OK), (1, HttpStatusCode.BadRequest), (-1, HttpStatusCode.BadRequest) })
        {
            byte[] all = [.. head, .. Colour(1, 0, 0), 0];
            using var content = new PushedContent(all[..(all.Length - 1 + more)]);
            content.Headers.TryAddWithoutValidation(HeaderLength, head.Length.ToString(CultureInfo.InvariantCulture));
            using var answer = await _service.Client.PostAsync(CnnServiceApplication.Relative("v2/models/colours/infer"), content);
            Assert.Equal(status, answer.StatusCode);
        }
    }

    [Fact]
    public async Task Infer_TellsHowTheAnswerCameAbout()
    {
        var (json, _) = await SoundAsync($$$"""{"inputs":[{"name":"input","shape":[1,3,32,32],"datatype":"FP32",{{{Announced}}}}]}""",
            Colour(1, 0, 0));

        var parameters = json.GetProperty("parameters");
        Assert.Equal((1, "cpu"), (parameters.GetProperty("batchSize").GetInt32(), parameters.GetProperty("device").GetString()));
        Assert.InRange(parameters.GetProperty("queueMs").GetDouble(), 0, 60_000);
    }

    [Theory]
    // Other than its shape.
    [InlineData("""{"inputs":[{"name":"input","shape":[1,3,32,32],"datatype":"FP32","parameters":{"binary_data_size":12284}}]}""")]
    // More than there is.
    [InlineData("""{"inputs":[{"name":"input","shape":[2,3,32,32],"datatype":"FP32","parameters":{"binary_data_size":24576}}]}""")]
    [InlineData("""{"inputs":[{"name":"input","shape":[1,3,32,32],"datatype":"FP32","parameters":{"binary_data_size":-4}}]}""")]
    [InlineData("""{"inputs":[{"name":"input","shape":[1,3,32,32],"datatype":"FP32","parameters":{"binary_data_size":"12288"}}]}""")]
    [InlineData(
        """{"inputs":[{"name":"input","shape":[1,3,32,32],"datatype":"FP32","parameters":{"binary_data_size":12288},"data":[1]}]}""")]
    // 9216 bytes follow it.
    [InlineData("""{"inputs":[{"name":"pixels","shape":[1,32,32,3],"datatype":"UINT8","parameters":{"binary_data_size":3072}}]}""")]
    // Its element is longer.
    [InlineData("""{"inputs":[{"name":"image","shape":[1],"datatype":"BYTES","parameters":{"binary_data_size":12288}}]}""")]
    // Not the model's type.
    [InlineData("""{"inputs":[{"name":"input","shape":[2,3,32,32],"datatype":"FP16","parameters":{"binary_data_size":12288}}]}""")]
    [InlineData("""{"inputs":[{"name":"input","shape":[1,3,32,32],"datatype":"FP16","data":[1]}]}""")] // JSON has no float16.
    [InlineData(
        """{"inputs":[{"name":"input","shape":[1,3,32,32],"datatype":"FP32","data":[1]}],"outputs":[{"name":"logits","parameters":{"classification":-1}}]}""")]
    public async Task Infer_OfUnsoundBinaryData_Is400WithTheProtocolsError(string json)
    {
        var body = new byte[4 * Values];
        body.AsSpan().Fill(0x7F);
        using var answer = await PostAsync(json, body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("error", Assert.Single((await CnnServiceApplication.JsonAsync(answer)).EnumerateObject()).Name);
        using var sound = await PostAsync($$$"""{"inputs":[{"name":"input","shape":[1,3,32,32],"datatype":"FP32",{{{Announced}}}}]}""",
            Colour(1, 0, 0));
        Assert.Equal(HttpStatusCode.OK, sound.StatusCode);
    }

    private static byte[] Colour(float red, float green, float blue)
    {
        var values = new float[Values];
        float[] colour = [red, green, blue];
        for (var plane = 0; plane < 3; plane++)
        {
            values.AsSpan(plane * (Values / 3), Values / 3).Fill(colour[plane]);
        }

        return [.. MemoryMarshal.AsBytes(values.AsSpan())];
    }

    private static byte[] Element(byte[] file)
    {
        var length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, file.Length);
        return [.. length, .. file];
    }

    private async Task<(JsonElement Json, byte[] Tail)> SoundAsync(string json, byte[] tensors)
    {
        using var answer = await PostAsync(json, tensors);
        var body = await answer.Content.ReadAsByteArrayAsync();
        Assert.True(answer.IsSuccessStatusCode, Encoding.UTF8.GetString(body));
        var length = answer.Headers.TryGetValues(HeaderLength, out var told)
            ? int.Parse(told.Single(), CultureInfo.InvariantCulture)
            : body.Length;
        return (JsonSerializer.Deserialize<JsonElement>(body.AsSpan(0, length)), body[length..]);
    }

    private async Task<HttpResponseMessage> PostAsync(string json, byte[] tensors)
    {
        var head = Encoding.UTF8.GetBytes(json);
        using var content = new ByteArrayContent([.. head, .. tensors]);
        content.Headers.TryAddWithoutValidation(HeaderLength, head.Length.ToString(CultureInfo.InvariantCulture));
        return await _service.Client.PostAsync(CnnServiceApplication.Relative("v2/models/colours/infer"), content);
    }

    /// <summary>A body that does not tell its length.</summary>
    private sealed class PushedContent(byte[] bytes) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => stream.WriteAsync(bytes).AsTask();

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
