using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using CnnService.Core.Common;

namespace CnnService.Web.Features.Inference;

/// <summary>An input tensor of a request, with its shape and data checked against each other.</summary>
/// <param name="Name">Null: binary data for the model's input, whatever its name.</param>
/// <param name="Datatype">Data type of the protocol.</param>
/// <param name="Shape">The shape; the batch dimension comes first.</param>
/// <param name="Announced">Number of bytes of binary data after the message; null if the data is in the message.</param>
/// <param name="Numbers">Values from the message; null if they are binary or strings.</param>
/// <param name="Texts">Strings from the JSON; null otherwise.</param>
internal sealed record RequestedInput(
    string? Name, string Datatype, IReadOnlyList<long> Shape, int? Announced, float[]? Numbers, IReadOnlyList<string>? Texts)
{
    public const string Float32 = "FP32";
    public const string UInt8 = "UINT8";
    public const string ByteText = "BYTES";

    private const string Float16 = "FP16";
    private const int MaxElements = 1 << 28;
    private const int MaxRank = 8;
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

    /// <summary>Elements of a BYTES tensor from a message that holds them as they are; null otherwise.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>>? Files { get; private init; }

    /// <summary>Number of elements of the shape.</summary>
    public int Elements => (int)Count(Shape);

    /// <summary>Parses an input. Problem of all methods: <c>inference.invalid</c>.</summary>
    public static Outcome<RequestedInput> Read(JsonElement json) =>
        (json.ValueKind == JsonValueKind.Object ? InferenceRequest.Text(json, "name") : Outcome.Success<string?>(null)).Bind(name =>
            NameProblem(name) is { } nameless
                ? nameless
                : InferenceRequest.Text(json, "datatype").Bind(datatype => Read(json, name!, datatype)));

    /// <summary>An input without its data yet: name, data type and shape are within the protocol.</summary>
    public static Outcome<RequestedInput> Create(string? name, string? datatype, IReadOnlyList<long> shape) =>
        (NameProblem(name) ?? DatatypeProblem(name, datatype) ?? ShapeProblem(name, shape)) is { } problem
            ? problem
            : new RequestedInput(name, datatype!, shape, null, null, null);

    /// <summary>The input with as many bytes of binary data.</summary>
    public Outcome<RequestedInput> WithBytes(int length)
    {
        var (size, elements) = (Sizes[Datatype], Elements);
        return size == 0 || length == (long)elements * size
            ? this with { Announced = length }
            : InferenceRequest.Invalid($"unexpected total byte size {length} for input '{Name}', expecting {(long)elements * size}");
    }

    /// <summary>The input with these values, of which the shape must have as many.</summary>
    public Outcome<RequestedInput> WithNumbers(float[] numbers) =>
        HalfProblem() ?? CountProblem(numbers.Length) ?? Outcome.Success(this with { Numbers = numbers });

    /// <summary>A BYTES input with these elements, of which the shape must have as many.</summary>
    public Outcome<RequestedInput> WithFiles(IReadOnlyList<ReadOnlyMemory<byte>> files) =>
        CountProblem(files.Count) ?? Outcome.Success(this with { Files = files });

    /// <summary>The numbers converted to bytes.</summary>
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

        return CountProblem(elements.Count) ?? Outcome.Success<IReadOnlyList<ReadOnlyMemory<byte>>>(elements);
    }

    private static Outcome<RequestedInput> Read(JsonElement json, string name, string? datatype) =>
        DatatypeProblem(name, datatype) is { } unknown
            ? unknown
            : ReadShape(name, json).Bind(shape => Create(name, datatype, shape)).Bind(input => input.WithData(json));

    private static Outcome<IReadOnlyList<long>> ReadShape(string name, JsonElement json)
    {
        IEnumerable<JsonElement> sizes = json.TryGetProperty("shape", out var listed) && listed.ValueKind == JsonValueKind.Array
            ? listed.EnumerateArray()
            : [];
        return Outcome.All(sizes.Take(MaxRank + 1).Select(size => ReadSize(name, size)));
    }

    private static Outcome<long> ReadSize(string name, JsonElement size) =>
        size.ValueKind == JsonValueKind.Number && size.TryGetInt64(out var value) ? value : SizeProblem(name, ReceivedText.Json(size));

    private static Problem? NameProblem(string? name) =>
        name is { Length: > 0 } ? null : InferenceRequest.Invalid("an input must be an object with a name");

    private static Problem? DatatypeProblem(string? name, string? datatype) =>
        datatype is null or "" ? InferenceRequest.Invalid($"input '{name}' has no datatype")
        : !Sizes.ContainsKey(datatype) ? InferenceRequest.Invalid($"input '{name}' has the unknown datatype '{datatype}'")
        : null;

    private static Problem? ShapeProblem(string? name, IReadOnlyList<long> shape) =>
        shape.Count is 0 or > MaxRank ? InferenceRequest.Invalid($"input '{name}' needs 'shape', a list of 1 to {MaxRank} numbers")
        : shape.Any(size => size < 0)
            ? SizeProblem(name, shape.First(size => size < 0).ToString(CultureInfo.InvariantCulture))
        : Count(shape) > MaxElements ? InferenceRequest.Invalid($"input '{name}' has a shape of too many elements")
        : null;

    private static Problem SizeProblem(string? name, string received) =>
        InferenceRequest.Invalid($"input '{name}' has a dimension that is no whole number from 0 up: {received}");

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

    private Problem? HalfProblem() => Datatype is Float16 or "BF16"
        ? InferenceRequest.Invalid($"input '{Name}' of {Datatype} must be sent as binary data: there is no other form of it")
        : null;

    private Problem? CountProblem(int received) => received == Elements
        ? null
        : InferenceRequest.Invalid($"input '{Name}' must hold {Elements} elements, received {received}");

    private Outcome<RequestedInput> WithData(JsonElement json)
    {
        var hasData = InferenceRequest.Has(json, "data", out var data);
        if (InferenceRequest.Parameter(json, "binary_data_size") is { } announced)
        {
            return hasData
                ? InferenceRequest.Invalid($"input '{Name}' must not have both 'data' and 'binary_data_size'")
                : Length(announced).Bind(WithBytes);
        }

        if (!hasData || data.ValueKind != JsonValueKind.Array)
        {
            return InferenceRequest.Invalid($"input '{Name}' needs 'data', a list, or binary data");
        }

        return HalfProblem() is { } half ? half
            : Datatype == ByteText ? Flat<string>(data, TryText, "strings").Map(texts => this with { Texts = texts })
            : Flat<float>(data, TryNumber, "numbers").Bind(WithNumbers);
    }

    private Outcome<int> Length(JsonElement announced) =>
        announced.ValueKind == JsonValueKind.Number && announced.TryGetInt32(out var length) && length >= 0
            ? length
            : InferenceRequest.Invalid(
                $"input '{Name}' must announce a number of bytes in binary_data_size, received {ReceivedText.Json(announced)}");

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
        var capacity = JsonMarshal.GetRawUtf8Value(data).Length / MinBytesPerValue; // The text bounds what is allocated, not the shape.
        var values = new List<T>(Math.Min(Elements, capacity));
        return Add(data) is { } stray
            ? InferenceRequest.Invalid($"input '{Name}' must hold {what}, received {ReceivedText.Json(stray)}")
            : CountProblem(values.Count) ?? Outcome.Success(values.ToArray());

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
