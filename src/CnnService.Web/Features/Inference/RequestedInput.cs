using System.Buffers.Binary;
using System.Text.Json;
using CnnService.Core.Common;

namespace CnnService.Web.Features.Inference;

/// <summary>A tensor of a request, its shape and data checked against each other.</summary>
/// <param name="Name">Null: the bytes of whatever the model takes.</param>
/// <param name="Datatype">Of the protocol.</param>
/// <param name="Shape">The batch first.</param>
/// <param name="Announced">Bytes of it that follow the JSON; null where it came as JSON.</param>
/// <param name="Numbers">From JSON; null where it follows as bytes, or holds texts.</param>
/// <param name="Texts">From JSON.</param>
internal sealed record RequestedInput(string? Name, string Datatype, IReadOnlyList<long> Shape, int? Announced, float[]? Numbers, IReadOnlyList<string>? Texts)
{
    public const string Float32 = "FP32";
    public const string UInt8 = "UINT8";
    public const string ByteText = "BYTES";

    private const string Float16 = "FP16";
    private const int MostElements = 1 << 28;

    /// <summary>Bytes of a value; 0: each tells its own.</summary>
    private static readonly Dictionary<string, int> Sizes = new(StringComparer.Ordinal)
    {
        ["BOOL"] = 1,
        [UInt8] = 1,
        ["INT8"] = 1,
        ["UINT16"] = 2,
        ["INT16"] = 2,
        [Float16] = 2,
        ["BF16"] = 2,
        ["UINT32"] = 4,
        ["INT32"] = 4,
        [Float32] = 4,
        ["UINT64"] = 8,
        ["INT64"] = 8,
        ["FP64"] = 8,
        [ByteText] = 0,
    };

    /// <summary>The whole body.</summary>
    public static RequestedInput Raw { get; } = new(null, ByteText, [1], null, null, null);

    /// <summary>The number of values that the shape says.</summary>
    public int Elements => Count(Name ?? string.Empty, Shape);

    /// <exception cref="FormatException">It is no sound tensor.</exception>
    public static RequestedInput Read(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object || InferenceRequest.Text(json, "name") is not { Length: > 0 } name)
        {
            throw new FormatException("an input must be an object with a name");
        }

        var datatype = InferenceRequest.Text(json, "datatype") ?? throw new FormatException($"input '{name}' has no datatype");
        if (!Sizes.TryGetValue(datatype, out var size))
        {
            throw new FormatException($"input '{name}' has the unknown datatype '{datatype}'");
        }

        var shape = ReadShape(name, json);
        var hasData = json.TryGetProperty("data", out var data);
        if (InferenceRequest.Parameter(json, "binary_data_size") is { } announced)
        {
            return hasData
                ? throw new FormatException($"input '{name}' must not have both 'data' and 'binary_data_size'")
                : new(name, datatype, shape, Length(name, announced, size, shape), null, null);
        }

        if (!hasData || data.ValueKind != JsonValueKind.Array)
        {
            throw new FormatException($"input '{name}' needs 'data', a list, or binary data");
        }

        return datatype switch
        {
            Float16 or "BF16" => throw new FormatException($"input '{name}' of {datatype} must be sent as binary data: JSON has no form for it"),
            ByteText => new(name, datatype, shape, null, null, Flat(name, data, shape, value => Text(name, value))),
            _ => new(name, datatype, shape, null, [.. Flat(name, data, shape, value => Number(name, value))], null),
        };
    }

    /// <summary>Numbers of the JSON as bytes.</summary>
    /// <exception cref="FormatException">One is no byte.</exception>
    public byte[] NumbersAsBytes() => [.. Numbers!.Select(value => value is >= 0 and <= 255 && value == MathF.Floor(value)
        ? (byte)value
        : throw new FormatException($"input '{Name}' must hold whole numbers from 0 to 255"))];

    /// <summary>Texts of the JSON: base64.</summary>
    /// <exception cref="FormatException">One is none.</exception>
    public ReadOnlyMemory<byte>[] TextsAsBytes() => [.. Texts!.Select(Decoded)];

    /// <summary>The elements of a BYTES tensor: each a length (32 bits, little endian) and its bytes.</summary>
    /// <exception cref="FormatException">They are other than the shape says.</exception>
    public IReadOnlyList<ReadOnlyMemory<byte>> Split(ReadOnlyMemory<byte> rest)
    {
        var elements = new List<ReadOnlyMemory<byte>>();
        while (rest.Length > 0)
        {
            var length = rest.Length < sizeof(uint) ? uint.MaxValue : BinaryPrimitives.ReadUInt32LittleEndian(rest.Span);
            if (length > rest.Length - sizeof(uint))
            {
                throw new FormatException($"input '{Name}' breaks off within an element");
            }

            elements.Add(rest.Slice(sizeof(uint), (int)length));
            rest = rest[(sizeof(uint) + (int)length)..];
        }

        return elements.Count == Elements ? elements : throw new FormatException($"input '{Name}' must hold {Elements} elements, received {elements.Count}");
    }

    private ReadOnlyMemory<byte> Decoded(string text, int index)
    {
        var bytes = new byte[((text.Length / 4) + 1) * 3];
        return Convert.TryFromBase64String(text, bytes, out var length)
            ? bytes.AsMemory(0, length)
            : throw new FormatException($"input '{Name}' must hold picture files as base64, without a prefix such as data:image/png;base64: element {index} is none, received \"{Received.Text(text)}\"");
    }

    private static long[] ReadShape(string name, JsonElement json)
    {
        if (!json.TryGetProperty("shape", out var listed) || listed.ValueKind != JsonValueKind.Array || listed.GetArrayLength() is 0 or > 8)
        {
            throw new FormatException($"input '{name}' needs 'shape', a list of 1 to 8 numbers");
        }

        long[] shape = [.. listed.EnumerateArray().Select(size => size.ValueKind == JsonValueKind.Number && size.TryGetInt64(out var value) && value >= 0
            ? value
            : throw new FormatException($"input '{name}' has a dimension that is no whole number from 0 up: {size.GetRawText()}"))];
        _ = Count(name, shape);
        return shape;
    }

    /// <summary>The product of the sizes; one that no request could fill is refused before anything is allocated for it.</summary>
    private static int Count(string name, IReadOnlyList<long> shape)
    {
        var product = shape.Aggregate((UInt128)1, (product, size) => product > MostElements ? product : product * (UInt128)size);
        return product <= MostElements ? (int)product : throw new FormatException($"input '{name}' has a shape of too many elements");
    }

    private static int Length(string name, JsonElement announced, int size, IReadOnlyList<long> shape)
    {
        if (announced.ValueKind != JsonValueKind.Number || !announced.TryGetInt32(out var length) || length < 0)
        {
            throw new FormatException($"input '{name}' must announce a number of bytes in binary_data_size, received {announced.GetRawText()}");
        }

        var expected = (long)Count(name, shape) * size;
        return size == 0 || length == expected ? length : throw new FormatException($"unexpected total byte size {length} for input '{name}', expecting {expected}");
    }

    private static List<T> Flat<T>(string name, JsonElement data, IReadOnlyList<long> shape, Func<JsonElement, T> read)
    {
        var expected = Count(name, shape);
        var values = new List<T>(Math.Min(expected, data.GetArrayLength() * 1024));
        Add(data);
        return values.Count == expected ? values : throw new FormatException($"unable to parse 'data' of input '{name}': {values.Count} elements for a shape of {expected}");

        void Add(JsonElement part)
        {
            foreach (var item in part.EnumerateArray())
            {
                if (item.ValueKind == JsonValueKind.Array)
                {
                    Add(item);
                }
                else
                {
                    values.Add(read(item));
                }
            }
        }
    }

    private static string Text(string name, JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()! : throw new FormatException($"input '{name}' must hold strings, received {value.GetRawText()}");

    private static float Number(string name, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number when value.TryGetSingle(out var number) => number,
        JsonValueKind.True => 1,
        JsonValueKind.False => 0,
        _ => throw new FormatException($"input '{name}' must hold numbers, received {value.GetRawText()}"),
    };
}
