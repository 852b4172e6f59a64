using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Grpc.Core;

namespace CnnService.Web.Tests.Features.Inference.Grpc;

/// <summary>The published field numbers, by messages that are written and read here byte for byte.</summary>
public sealed class WireTests(GrpcColours fixture) : IClassFixture<GrpcColours>
{
    private const int LengthDelimited = 2;

    /// <summary>A field of length-delimited bytes, of which there are fewer than it says.</summary>
    private static readonly byte[] NoMessage = [0x0A, 0x7F, 1, 2];

    [Fact]
    public async Task Infer_OfAMessageWrittenByHand_AnswersOne()
    {
        var planes = new float[3 * RedOrBlue.Side * RedOrBlue.Side];
        planes.AsSpan(0, planes.Length / 3).Fill(1);
        byte[] input = [.. Field(1, "input"), .. Field(2, "FP32"), .. Field(3, [1, 3, 32, 32])];
        byte[] classification = [.. Field(1, "classification"), .. Field(2, [0x10, 1])]; // int64_param = 1.
        byte[] asked = [.. Field(1, "logits"), .. Field(2, classification)];
        byte[] request =
        [
            .. Field(1, "colours"), .. Field(2, "1"), .. Field(3, "42"), .. Field(5, input), .. Field(6, asked),
            .. Field(6, Field(1, "probabilities")), .. Field(7, MemoryMarshal.AsBytes(planes.AsSpan()).ToArray()),
        ];

        var response = Fields(await CallAsync("ModelInfer", request));

        Assert.Equal("colours", Encoding.UTF8.GetString(response[1][0]));
        Assert.Equal("1", Encoding.UTF8.GetString(response[2][0]));
        Assert.Equal("42", Encoding.UTF8.GetString(response[3][0]));
        var logits = Fields(response[5][0]);
        Assert.Equal(("logits", "BYTES"), (Encoding.UTF8.GetString(logits[1][0]), Encoding.UTF8.GetString(logits[2][0])));
        Assert.Equal([1, 1], logits[3][0]);
        Assert.Equal("4:0:red", Encoding.UTF8.GetString(response[6][0].AsSpan(4)));
        Assert.Equal(RedOrBlue.Red(255, 0), BinaryPrimitives.ReadSingleLittleEndian(response[6][1]), 1e-5);
    }

    [Fact]
    public async Task Config_HasItsFieldsWhereTheyArePublished()
    {
        var config = Fields(Fields(await CallAsync("ModelConfig", Field(1, "colours")))[1][0]);

        Assert.Equal("colours", Encoding.UTF8.GetString(config[1][0]));
        Assert.Equal("onnxruntime_onnx", Encoding.UTF8.GetString(config[2][0]));
        Assert.Equal([8], config[4][0]);
        var input = Fields(config[5][0]);
        Assert.Equal("input", Encoding.UTF8.GetString(input[1][0]));
        Assert.Equal([11], input[2][0]); // TYPE_FP32.
        Assert.Equal([2], input[3][0]); // FORMAT_NCHW.
        Assert.Equal([3, 32, 32], input[4][0]);
        Assert.Equal("probabilities", Encoding.UTF8.GetString(Fields(config[6][0])[1][0]));
        Assert.Equal([2], Fields(config[7][0])[4][0]); // KIND_CPU.
        Assert.Equal([0x80, 0x02], Fields(Fields(config[11][0])[6][0])[4][0]); // A queue of 256.
        Assert.Equal("onnxruntime", Encoding.UTF8.GetString(config[17][0]));
    }

    [Theory]
    [InlineData("ServerLive")]
    [InlineData("ModelInfer")]
    [InlineData("RepositoryModelUnload")]
    public async Task BytesThatAreNoMessage_AreTheClientsFault(string method) =>
        AssertUnreadable(await Assert.ThrowsAsync<RpcException>(() => CallAsync(method, NoMessage)));

    [Fact]
    public async Task BytesThatAreNoMessage_EndAStream_AsTheClientsFault()
    {
        using var call = fixture.Client.Invoker.AsyncDuplexStreamingCall(
            MethodOf(MethodType.DuplexStreaming, "ModelStreamInfer"), host: null, default);
        await call.RequestStream.WriteAsync(NoMessage);

        AssertUnreadable(await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(CancellationToken.None)));
    }

    private static void AssertUnreadable(RpcException failure)
    {
        Assert.Equal((StatusCode.InvalidArgument, "inference.invalid"), (failure.StatusCode, failure.Trailers.GetValue("problem-code")));
        Assert.Contains("cannot be read", failure.Status.Detail, StringComparison.Ordinal);
    }

    private static byte[] Field(int number, string text) => Field(number, Encoding.UTF8.GetBytes(text));

    private static byte[] Field(int number, byte[] bytes) =>
        [(byte)((number << 3) | LengthDelimited), .. Varint(bytes.Length), .. bytes];

    private static IEnumerable<byte> Varint(int value)
    {
        for (; value > 0x7F; value >>= 7)
        {
            yield return (byte)(value | 0x80);
        }

        yield return (byte)value;
    }

    /// <summary>The values of a message by field number: the bytes of length-delimited fields, and of varints.</summary>
    private static Dictionary<int, List<byte[]>> Fields(byte[] message)
    {
        var fields = new Dictionary<int, List<byte[]>>();
        var rest = message.AsSpan();
        while (rest.Length > 0)
        {
            var (key, keyLength) = ReadVarint(rest);
            rest = rest[keyLength..];
            var (value, valueLength) = ReadVarint(rest);
            var isDelimited = (key & 7) == LengthDelimited;
            var bytes = isDelimited ? rest.Slice(valueLength, value) : rest[..valueLength];
            rest = rest[(valueLength + (isDelimited ? value : 0))..];
            if (!fields.TryGetValue(key >> 3, out var values))
            {
                fields[key >> 3] = values = [];
            }

            values.Add(bytes.ToArray());
        }

        return fields;
    }

    private static (int Value, int Length) ReadVarint(ReadOnlySpan<byte> bytes)
    {
        var (value, length) = (0, 0);
        do
        {
            value |= (bytes[length] & 0x7F) << (7 * length);
        }
        while ((bytes[length++] & 0x80) != 0);

        return (value, length);
    }

    private async Task<byte[]> CallAsync(string method, byte[] request) =>
        await fixture.Client.Invoker.AsyncUnaryCall(MethodOf(MethodType.Unary, method), host: null, default, request);

    private static Method<byte[], byte[]> MethodOf(MethodType type, string method)
    {
        var bytes = Marshallers.Create(message => message, message => message);
        return new(type, "inference.GRPCInferenceService", method, bytes, bytes);
    }
}
