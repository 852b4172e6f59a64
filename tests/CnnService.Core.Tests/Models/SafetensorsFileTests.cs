using System.Buffers.Binary;
using System.Text;
using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Tests.Shared;

namespace CnnService.Core.Tests.Models;

public sealed class SafetensorsFileTests
{
    /// <summary>A header, the bytes behind it, and a part of the message.</summary>
    public static TheoryData<string, int, string> Lies => new()
    {
        { "", 0, "must be 2 to" },
        { "[]", 0, "must be a JSON object" },
        { "null", 0, "must be a JSON object" },
        { "{ ", 0, "must be a JSON object" },
        { """{"a":null}""", 0, "must be a JSON object" },
        { """{"a":[]}""", 0, "must be a JSON object" },
        { """{"a":{"dtype":"F32","shape":[1]}}""", 4, "must be a JSON object" },
        { """{"a":{"dtype":"F32","shape":null,"data_offsets":[0,4]}}""", 4, "must be a JSON object" },
        { """{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""", 4, "must be a JSON object" },
        { """{"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,4]}}""", 4, "must be a JSON object" },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"more":1}}""", 4, "must be a JSON object" },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8,
            "each named once" },
        { """{"\ud800":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4, "must be a JSON object" },
        { """{"__metadata__":{"a":1}}""", 0, "must be a JSON object" },
        { """{"__metadata__":null}""", 0, "must be a JSON object" },
        { """{"a":{"dtype":"F31","shape":[1],"data_offsets":[0,4]}}""", 4, "unknown dtype 'F31'" },
        { """{"a":{"dtype":"F8_E4M3","shape":[1],"data_offsets":[0,1]}}""", 1, "the tensor 'a' has the unknown dtype 'F8_E4M3'" },
        { """{"a":{"dtype":"1","shape":[1],"data_offsets":[0,4]}}""", 4, "unknown dtype '1'" },
        { """{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}""", 0, "each at least 1" },
        { """{"a":{"dtype":"F32","shape":[-1,-1],"data_offsets":[0,4]}}""", 4, "each at least 1" },
        { """{"a":{"dtype":"F32","shape":[4194305,4194305,211106198978564],"data_offsets":[0,16]}}""", 16, "at most 2147483591 values" },
        { """{"a":{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,1],"data_offsets":[0,4]}}""", 4, "at most 8 dimensions" },
        { """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4, "must be two, 8 bytes apart" },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", 4, "must be two, 4 bytes apart" },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}""", 4, "must be two, 4 bytes apart" },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}""", 4, "must be two, 4 bytes apart" },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[-9223372036854775808,9223372036854775807]}}""", 4,
            "must be two, 4 bytes apart" },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "must begin at 0" },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4,
            "must begin at 4" },
        { """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8,
            "must begin at 8" },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}""", 12,
            "must begin at 4" },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 3, "take 4 bytes, but 3 follow" },
        { """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 5, "take 4 bytes, but 5 follow" },
    };

    [Fact]
    public void ReadOfWrite_RandomTensors_IsTheSame()
    {
        var random = new CounterRandom(6);
        for (var round = 0; round < 100; round++)
        {
            var weights = RandomWeights(ref random);
            var metadata = new Dictionary<string, string> { ["b"] = "ü\"\n", ["a"] = $"{round}" };

            var read = Read(Write(weights, metadata)).Value;

            Assert.Equal(metadata.OrderBy(pair => pair.Key), read.Metadata.OrderBy(pair => pair.Key));
            Assert.Equal(weights.Names, read.Weights.Names);
            Assert.All(weights.All, pair =>
            {
                Assert.Equal(pair.Value.Shape, read.Weights[pair.Key].Shape);
                Assert.Equal(Bits(pair.Value.Data), Bits(read.Weights[pair.Key].Data));
            });
        }
    }

    [Fact]
    public void Write_OneTensor_IsTheFormatByteForByte()
    {
        var weights = new NamedWeights();
        weights.Add("ab", new([1, 2], [1, -2]));

        var bytes = Write(weights);

        const string Header = """{"ab":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}       """;
        Assert.Equal(0, Header.Length % 8);
        Assert.Equal([(byte)Header.Length, 0, 0, 0, 0, 0, 0, 0, .. Encoding.UTF8.GetBytes(Header), 0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0], bytes);
    }

    [Fact]
    public void Write_MetadataInAnotherOrder_GivesTheSameBytes()
    {
        var weights = new NamedWeights();
        weights.Add("a", new([1], [1]));

        Assert.Equal(
            Write(weights, new Dictionary<string, string> { ["x"] = "1", ["y"] = "2" }),
            Write(weights, new Dictionary<string, string> { ["y"] = "2", ["x"] = "1" }));
    }

    [Fact]
    public void Read_OtherFloatTypes_BecomeFloat32AndCountersArePassedOver()
    {
        const string Header = """
            {"half":{"dtype":"F16","shape":[2],"data_offsets":[0,4]},"count":{"dtype":"I64","shape":[],"data_offsets":[4,12]},
             "brain":{"dtype":"BF16","shape":[2],"data_offsets":[12,16]},"double":{"dtype":"F64","shape":[1],"data_offsets":[16,24]}}
            """;
        byte[] values = [0x00, 0x3C, 0x00, 0xC5, .. new byte[8], 0x80, 0x3F, 0x49, 0xC0, .. BitConverter.GetBytes(0.5)];

        var content = Read(File(Header, values)).Value;

        var weights = content.Weights;
        Assert.Equal(["half", "brain", "double"], weights.Names);
        Assert.Equal([new("count", "I64")], content.Unread);
        Assert.Equal([1f, -5f], weights["half"].Data);
        Assert.Equal([1f, -3.140625f], weights["brain"].Data);
        Assert.Equal([0.5f], weights["double"].Data);
    }

    [Fact]
    public void Read_NotFiniteAndTooLarge_AreValuesToo()
    {
        const string Header =
            """{"a":{"dtype":"F64","shape":[2],"data_offsets":[0,16]},"b":{"dtype":"F16","shape":[1],"data_offsets":[16,18]}}""";

        var weights = Read(File(Header, [.. BitConverter.GetBytes(double.NaN), .. BitConverter.GetBytes(-1e39), 0x00, 0x7C])).Value.Weights;

        Assert.Equal([float.NaN, float.NegativeInfinity], weights["a"].Data);
        Assert.Equal([float.PositiveInfinity], weights["b"].Data);
    }

    [Fact]
    public void Read_TensorsOutOfOrder_FindTheirOwnValues()
    {
        const string Header =
            """{"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""";

        var weights = Read(File(Header, [.. BitConverter.GetBytes(1f), .. BitConverter.GetBytes(2f)])).Value.Weights;

        Assert.Equal(["b", "a"], weights.Names);
        Assert.Equal((2f, 1f), (weights["b"].Data[0], weights["a"].Data[0]));
    }

    [Fact]
    public void Read_LargeTensor_ComesWholeThroughItsChunks()
    {
        var weights = new NamedWeights();
        weights.Add("a", new([50_001], [.. Enumerable.Range(0, 50_001).Select(i => (float)i)]));

        Assert.Equal(weights["a"].Data, Read(Write(weights)).Value.Weights["a"].Data);
    }

    [Theory]
    [MemberData(nameof(Lies))]
    public void Read_HeaderThatLies_IsUnreadable(string header, int bytes, string part)
    {
        var problem = Read(File(header, new byte[bytes])).Problem;

        Assert.Equal("safetensors.unreadable", problem?.Code);
        Assert.Contains(part, problem!.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(8)]
    public void Read_TooShort_IsUnreadable(int length) => Assert.Equal("safetensors.unreadable", Read(new byte[length]).Problem?.Code);

    [Theory]
    [InlineData(3UL)]
    [InlineData(10UL * 1024 * 1024 + 1)]
    [InlineData(ulong.MaxValue)]
    public void Read_HeaderLongerThanTheFile_IsUnreadable(ulong length)
    {
        var bytes = new byte[10];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, length);

        Assert.Equal("safetensors.unreadable", Read(bytes).Problem?.Code);
    }

    [Fact]
    public void Read_HeaderAboveTenMegabytes_IsUnreadable()
    {
        var header = "{}".PadRight((10 << 20) + 1);

        Assert.Equal("safetensors.unreadable", Read(File(header, [])).Problem?.Code);
        Assert.True(Read(File(header[..^1], [])).Succeeded);
    }

    [Fact]
    public void Read_ByteOrderMark_IsUnreadable() => Assert.False(Read(File("\uFEFF{}", [])).Succeeded);

    [Fact]
    public void Read_RandomDamage_NeverThrows()
    {
        var random = new CounterRandom(7);
        var sound = Write(RandomWeights(ref random));
        var header = (int)BinaryPrimitives.ReadInt64LittleEndian(sound) + 8;
        for (var round = 0; round < 5000; round++)
        {
            byte[] damaged = [.. sound];
            damaged[random.NextInt32(header)] = (byte)random.NextInt32(256);
            damaged[random.NextInt32(header)] = (byte)('0' + random.NextInt32(10));

            var read = Read(random.NextInt32(4) == 0 ? damaged[..random.NextInt32(damaged.Length)] : damaged);

            Assert.True(read.Succeeded || read.Problem.Code == "safetensors.unreadable");
        }
    }

    [Fact]
    public void Read_FileOfAnotherWriter_HasItsTensors()
    {
        var path = SharedData.Path("pretrained", "vgg16-blocks1-2.safetensors");

        var content = SafetensorsFile.Read(path).Value;

        Assert.Equal(8, content.Weights.Count);
        Assert.Equal([64, 3, 3, 3], content.Weights["block1_conv1.weight"].Shape);
        Assert.Equal("BGR 0..255 minus 103.939,116.779,123.68", content.Metadata["input"]);
        Assert.Equal(1728 + 64 + 36_864 + 64 + 73_728 + 128 + 147_456 + 128, content.Weights.All.Sum(pair => pair.Value.Data.Length));
        Assert.All(content.Weights.All, pair => Assert.All(pair.Value.Data, value => Assert.InRange(value, -10, 10)));
    }

    private static byte[] Write(NamedWeights weights, IReadOnlyDictionary<string, string>? metadata = null)
    {
        using var stream = new MemoryStream();
        SafetensorsFile.Write(stream, weights, metadata);
        return stream.ToArray();
    }

    private static Outcome<SafetensorsContent> Read(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);
        return SafetensorsFile.Read(stream);
    }

    private static byte[] File(string header, byte[] values)
    {
        var text = Encoding.UTF8.GetBytes(header);
        return [.. BitConverter.GetBytes((long)text.Length), .. text, .. values];
    }

    private static NamedWeights RandomWeights(ref CounterRandom random)
    {
        var weights = new NamedWeights();
        for (var i = random.NextInt32(6); i >= 0; i--)
        {
            int[] shape = [.. new int[random.NextInt32(4)]];
            for (var d = 0; d < shape.Length; d++)
            {
                shape[d] = 1 + random.NextInt32(5);
            }

            var data = new float[shape.Aggregate(1, (product, size) => product * size)];
            for (var d = 0; d < data.Length; d++)
            {
                data[d] = BitConverter.UInt32BitsToSingle((uint)random.NextUInt64());
            }

            weights.Add($"layer_{i}.\"weight\" ü", new(shape, data));
        }

        return weights;
    }

    private static IEnumerable<uint> Bits(float[] values) => values.Select(BitConverter.SingleToUInt32Bits);
}
