using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using CnnService.Core.Common;

namespace CnnService.Web.Features.Inference;

/// <summary>An input tensor of a request, with its shape and data checked against each other.</summary>
/// <param name="Name">Null: binary data for the model's input, whatever its name.</param>
/// <param name="Datatype">Data type of the protocol.</param>
/// <param name="Shape">The shape; the batch dimension comes first.</param>
/// <param name="Announced">Number of bytes of binary data after the JSON; null if the data is in the JSON.</param>
/// <param name="Numbers">Values from the JSON; null if they are binary or strings.</param>
/// <param name="Texts">Strings from the JSON; null otherwise.</param>
internal sealed record RequestedInput(
    string? Name, string Datatype, IReadOnlyList<long> Shape, int? Announced, float[]? Numbers, IReadOnlyList<string>? Texts)
{
    public const string Float32 = "FP32";
    public const string UInt8 = "UINT8";
    public const string ByteText = "BYTES";

    private const string Float16 = "FP16";
    private const int MaxElements = 1 << 28;
    private const int MinBytesPerValue = 2; // A digit and a comma.

    /// <summary>Bytes per value by data type; 0: each value has its own length.</summary>
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

    /// <summary>An input whose data is the whole body.</summary>
    public static RequestedInput Raw { get; } = new(null, ByteText, [1], null, null, null);

    /// <summary>Number of elements of the shape.</summary>
    public int Elements => (int)Count(Shape);

    /// <summary>Parses an input. Problem of all methods: <c>inference.invalid</c>.</summary>
    public static Outcome<RequestedInput> Read(JsonElement json) =>
        (json.ValueKind == JsonValueKind.Object ? InferenceRequest.Text(json, "name") : Outcome.Success<string?>(null)).Bind(name =>
            name is { Length: > 0 }
                ? InferenceRequest.Text(json, "datatype").Bind(datatype => Read(json, name, datatype))
                : InferenceRequest.Invalid("an input must be an object with a name"));

    /// <summary>The JSON numbers converted to bytes.</summary>
    public Outcome<byte[]> NumbersAsBytes() => Array.TrueForAll(Numbers!, value => value is >= 0 and <= 255 && value == MathF.Floor(value))
        ? Array.ConvertAll(Numbers!, value => (byte)value)
        : InferenceRequest.Invalid($"input '{Name}' must hold whole numbers from 0 to 255");

    /// <summary>The JSON strings decoded from base64.</summary>
    public Outcome<IReadOnlyList<ReadOnlyMemory<byte>>> TextsAsBytes() => Outcome.All(Texts!.Select(Decoded));

    /// <summary>Splits the data of a BYTES tensor: each element is a 32-bit little-endian length followed by its bytes.</summary>
    public Outcome<IReadOnlyList<ReadOnlyMemory<byte>>> Split(ReadOnlyMemory<byte> rest)
    {
        var elements = new List<ReadOnlyMemory<byte>>();
        while (rest.Length > 0)
        {
            var length = rest.Length < sizeof(uint) ? uint.MaxValue : BinaryPrimitives.ReadUInt32LittleEndian(rest.Span);
            if (length > rest.Length - sizeof(uint))
            {
                return InferenceRequest.Invalid($"input '{Name}' breaks off within an element");
            }

            elements.Add(rest.Slice(sizeof(uint), (int)length));
            rest = rest[(sizeof(uint) + (int)length)..];
        }

        return elements.Count == Elements
            ? Outcome.Success<IReadOnlyList<ReadOnlyMemory<byte>>>(elements)
            : InferenceRequest.Invalid($"input '{Name}' must hold {Elements} elements, received {elements.Count}");
    }

    private static Outcome<RequestedInput> Read(JsonElement json, string name, string? datatype) =>
        datatype is null ? InferenceRequest.Invalid($"input '{name}' has no datatype")
        : !Sizes.TryGetValue(datatype, out var size) ? InferenceRequest.Invalid($"input '{name}' has the unknown datatype '{datatype}'")
        : ReadShape(name, json).Bind(shape => new RequestedInput(name, datatype, shape, null, null, null).WithData(json, size));

    private static Outcome<long[]> ReadShape(string name, JsonElement json)
    {
        if (!json.TryGetProperty("shape", out var listed) || listed.ValueKind != JsonValueKind.Array || listed.GetArrayLength() is 0 or > 8)
        {
            return InferenceRequest.Invalid($"input '{name}' needs 'shape', a list of 1 to 8 numbers");
        }

        var shape = new List<long>();
        foreach (var size in listed.EnumerateArray())
        {
            if (size.ValueKind != JsonValueKind.Number || !size.TryGetInt64(out var value) || value < 0)
            {
                return InferenceRequest.Invalid(
                    $"input '{name}' has a dimension that is no whole number from 0 up: {ReceivedText.Json(size)}");
            }

            shape.Add(value);
        }

        return Count(shape) <= MaxElements
            ? shape.ToArray()
            : InferenceRequest.Invalid($"input '{name}' has a shape of too many elements");
    }

    /// <summary>Product of the dimensions, which stops above what any request could fill, so that nothing is allocated for it.</summary>
    private static UInt128 Count(IReadOnlyList<long> shape) =>
        shape.Aggregate((UInt128)1, (product, size) => product > MaxElements ? product : product * (UInt128)size);

    private static bool TryText(JsonElement value, out string text)
    {
        text = value.ValueKind == JsonValueKind.String ? value.GetString()! : string.Empty;
        return value.ValueKind == JsonValueKind.String;
    }

    private static bool TryNumber(JsonElement value, out float number)
    {
        number = value.ValueKind == JsonValueKind.True ? 1 : 0;
        return value.ValueKind is JsonValueKind.True or JsonValueKind.False
            || (value.ValueKind == JsonValueKind.Number && value.TryGetSingle(out number));
    }

    private Outcome<RequestedInput> WithData(JsonElement json, int size)
    {
        var hasData = InferenceRequest.Has(json, "data", out var data);
        if (InferenceRequest.Parameter(json, "binary_data_size") is { } announced)
        {
            return hasData
                ? InferenceRequest.Invalid($"input '{Name}' must not have both 'data' and 'binary_data_size'")
                : Length(announced, size).Map(length => this with { Announced = length });
        }

        if (!hasData || data.ValueKind != JsonValueKind.Array)
        {
            return InferenceRequest.Invalid($"input '{Name}' needs 'data', a list, or binary data");
        }

        return Datatype switch
        {
            Float16 or "BF16" => InferenceRequest.Invalid(
                $"input '{Name}' of {Datatype} must be sent as binary data: JSON has no form for it"),
            ByteText => Flat<string>(data, TryText, "strings").Map(texts => this with { Texts = texts }),
            _ => Flat<float>(data, TryNumber, "numbers").Map(numbers => this with { Numbers = numbers }),
        };
    }

    private Outcome<int> Length(JsonElement announced, int size)
    {
        if (announced.ValueKind != JsonValueKind.Number || !announced.TryGetInt32(out var length) || length < 0)
        {
            return InferenceRequest.Invalid(
                $"input '{Name}' must announce a number of bytes in binary_data_size, received {ReceivedText.Json(announced)}");
        }

        var expected = (long)Elements * size;
        return size == 0 || length == expected
            ? length
            : InferenceRequest.Invalid($"unexpected total byte size {length} for input '{Name}', expecting {expected}");
    }

    private Outcome<ReadOnlyMemory<byte>> Decoded(string text, int index)
    {
        var bytes = new byte[((text.Length / 4) + 1) * 3];
        return Convert.TryFromBase64String(text, bytes, out var length)
            ? (ReadOnlyMemory<byte>)bytes.AsMemory(0, length)
            : InferenceRequest.Invalid(
                $"input '{Name}' must hold image files as base64, without a prefix such as data:image/png;base64: "
                + $"element {index} is none, received \"{ReceivedText.Text(text)}\"");
    }

    /// <summary>The values of nested lists in order.</summary>
    /// <param name="data">A JSON array.</param>
    /// <param name="read">Reads a value; false if it has the wrong type.</param>
    /// <param name="what">Name of the expected values for messages.</param>
    private Outcome<T[]> Flat<T>(JsonElement data, TryRead<T> read, string what)
    {
        var expected = Elements;
        var capacity = JsonMarshal.GetRawUtf8Value(data).Length / MinBytesPerValue; // The text bounds what is allocated, not the shape.
        var values = new List<T>(Math.Min(expected, capacity));
        return Add(data) is { } stray
            ? InferenceRequest.Invalid($"input '{Name}' must hold {what}, received {ReceivedText.Json(stray)}")
            : values.Count == expected
                ? values.ToArray()
                : InferenceRequest.Invalid($"unable to parse 'data' of input '{Name}': {values.Count} elements for a shape of {expected}");

        JsonElement? Add(JsonElement part)
        {
            foreach (var item in part.EnumerateArray())
            {
                if (item.ValueKind == JsonValueKind.Array)
                {
                    if (Add(item) is { } inner)
                    {
                        return inner;
                    }
                }
                else if (read(item, out var value))
                {
                    values.Add(value);
                }
                else
                {
                    return item;
                }
            }

            return null;
        }
    }

    private delegate bool TryRead<T>(JsonElement json, out T value);
}
