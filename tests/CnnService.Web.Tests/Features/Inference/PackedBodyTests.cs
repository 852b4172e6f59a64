using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;

namespace CnnService.Web.Tests.Features.Inference;

/// <summary>Bodies packed by gzip or deflate, as Triton's HTTP clients send them where they are told to.</summary>
public sealed class PackedBodyTests : IAsyncLifetime
{
    private const int Limit = 100_000;
    private const string HeaderLength = "Inference-Header-Content-Length";

    private readonly CnnServiceApplication _service = new(new() { ["Limits:TensorBytes"] = $"{Limit}" });

    public async ValueTask InitializeAsync() => await RedOrBlue.PublishAsync(_service, "colours");

    public async ValueTask DisposeAsync() => await _service.DisposeAsync();

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("GZIP")]
    [InlineData("identity")]
    public async Task Infer_OfAPackedBody_GivesWhatThePlainOneGives(string coding)
    {
        var (head, tensor) = Request();
        using var answer = await PostAsync(coding, Pack(coding, [.. head, .. tensor]), head.Length);

        var json = await CnnServiceApplication.JsonAsync(answer);
        Assert.True(answer.IsSuccessStatusCode, json.ToString());
        Assert.Equal(RedOrBlue.Red(255, 0), json.GetProperty("outputs")[0].GetProperty("data")[0].GetDouble(), 1e-5);
    }

    [Fact]
    public async Task Infer_OfAPackedBodyWithoutAHeader_ReadsItsJson()
    {
        var file = Convert.ToBase64String(RedOrBlue.Image(255, 0, 0));
        var body = Encoding.UTF8.GetBytes(
            $$"""{"inputs":[{"name":"image","shape":[1],"datatype":"BYTES","data":["{{file}}"]}]}""");
        using var answer = await PostAsync("gzip", Pack("gzip", body), header: null);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Infer_OfABodyThatBecomesTooLarge_Is413()
    {
        var packed = Pack("gzip", [.. "{"u8, .. new byte[3_000_000]]);
        using var answer = await PostAsync("gzip", packed, header: null);

        Assert.InRange(packed.Length, 1, Limit / 2);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.NotEmpty(await ErrorAsync(answer));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    public async Task Infer_OfABodyThatIsNotPacked_Is400(string coding)
    {
        var (head, tensor) = Request();
        using var answer = await PostAsync(coding, [.. head, .. tensor], head.Length);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("Content-Encoding", await ErrorAsync(answer), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Infer_OfAPackedBodyThatBreaksOff_Is400()
    {
        var (head, tensor) = Request();
        var packed = Pack("gzip", [.. head, .. tensor]);
        using var answer = await PostAsync("gzip", packed[..(packed.Length / 2)], head.Length);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Theory]
    [InlineData("br")]
    [InlineData("gzip, gzip")]
    public async Task Infer_OfABodyPackedOtherwise_IsRefused(string coding)
    {
        using var answer = await PostAsync(coding, [1, 2, 3], header: null);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("Send the body uncompressed.", await ErrorAsync(answer));
    }

    private static (byte[] Head, byte[] Tensor) Request()
    {
        var planes = new float[3 * RedOrBlue.Side * RedOrBlue.Side];
        planes.AsSpan(0, planes.Length / 3).Fill(1);
        var head = Encoding.UTF8.GetBytes(
            $$$"""{"inputs":[{"name":"input","shape":[1,3,32,32],"datatype":"FP32","parameters":{"binary_data_size":{{{4 * planes.Length}}}}}]}""");
        return (head, MemoryMarshal.AsBytes(planes.AsSpan()).ToArray());
    }

    private static byte[] Pack(string coding, byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (Stream packing = coding.ToUpperInvariant() switch
        {
            "GZIP" => new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true),
            "DEFLATE" => new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true),
            _ => packed,
        })
        {
            packing.Write(bytes);
        }

        return packed.ToArray();
    }

    private static async Task<string> ErrorAsync(HttpResponseMessage answer) =>
        (await CnnServiceApplication.JsonAsync(answer)).GetProperty("error").GetString()!;

    private async Task<HttpResponseMessage> PostAsync(string coding, byte[] body, int? header)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.TryAddWithoutValidation("Content-Encoding", coding);
        if (header is { } length)
        {
            content.Headers.TryAddWithoutValidation(HeaderLength, length.ToString(CultureInfo.InvariantCulture));
        }

        return await _service.Client.PostAsync(CnnServiceApplication.Relative("v2/models/colours/infer"), content);
    }
}
