using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Serialization;
using CnnService.Core.Common;

namespace CnnService.Core.Models;

/// <summary>
/// The validated header of a safetensors file: every tensor's length in bytes follows from its shape, and together the tensors fill the
/// rest of the file without gaps.
/// </summary>
/// <param name="Entries">In the order of the header.</param>
/// <param name="Metadata">Empty where absent.</param>
internal sealed record SafetensorsHeader(IReadOnlyList<SafetensorsEntry> Entries, IReadOnlyDictionary<string, string> Metadata)
{
    public const int MaxBytes = 10 << 20;

    private const int PrefixBytes = sizeof(ulong);
    private const int MaxRank = 8;
    private const string MetadataKey = "__metadata__";

    private static readonly Dictionary<string, string> NoMetadata = [];

    /// <summary>Length prefix and header, padded with spaces so that the values are aligned to 8 bytes.</summary>
    public static byte[] Write(NamedWeights weights, IReadOnlyDictionary<string, string>? metadata)
    {
        var header = new Dictionary<string, object>();
        if (metadata is { Count: > 0 })
        {
            header[MetadataKey] = new SortedDictionary<string, string>(metadata.ToDictionary(), StringComparer.Ordinal);
        }

        var offset = 0L;
        foreach (var (name, tensor) in weights.All)
        {
            var end = offset + (tensor.Data.LongLength * sizeof(float));
            header.Add(name, new Field("F32", [.. tensor.Shape], [offset, end]));
            offset = end;
        }

        var json = JsonSerializer.SerializeToUtf8Bytes(header, CoreJson.Options);
        var bytes = new byte[PrefixBytes + ((json.Length + 7) / 8 * 8)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, bytes.Length - PrefixBytes);
        bytes.AsSpan(PrefixBytes).Fill((byte)' ');
        json.CopyTo(bytes, PrefixBytes);
        return bytes;
    }

    /// <summary>Reads up to the first value; null, and what is wrong, where the header is invalid.</summary>
    public static SafetensorsHeader? Read(Stream stream, out string fault)
    {
        fault = $"its header must be 2 to {MaxBytes} bytes long and lie within the file";
        if (stream.Length < PrefixBytes)
        {
            return null;
        }

        Span<byte> prefix = stackalloc byte[PrefixBytes];
        stream.ReadExactly(prefix);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length is < 2 or > MaxBytes || (long)length > stream.Length - PrefixBytes)
        {
            return null;
        }

        var json = new byte[length];
        stream.ReadExactly(json);
        try
        {
            return Parse(json, stream.Length - stream.Position, out fault);
        }
        catch (JsonException)
        {
            fault = "its header must be a JSON object of tensors, each named once, with dtype, shape and data_offsets";
            return null;
        }
    }

    private static SafetensorsHeader? Parse(byte[] json, long bytes, out string fault)
    {
        var fields = JsonSerializer.Deserialize<OrderedDictionary<string, JsonElement>>(json, CoreJson.Options)
            ?? throw new JsonException();
        var metadata = fields.Remove(MetadataKey, out var element)
            ? element.Deserialize<Dictionary<string, string>>(CoreJson.Options) ?? throw new JsonException()
            : NoMetadata;
        var entries = new List<SafetensorsEntry>(fields.Count);
        foreach (var (name, value) in fields)
        {
            var field = value.Deserialize<Field>(CoreJson.Options) ?? throw new JsonException();
            if (Entry(name, field, out fault) is not { } entry)
            {
                return null;
            }

            entries.Add(entry);
        }

        return AreContiguous(entries, bytes, out fault) ? new(entries, metadata) : null;
    }

    private static SafetensorsEntry? Entry(string name, Field field, out string fault)
    {
        fault = $"the tensor '{name}' has the unknown dtype '{field.Dtype}'";
        if (!SafetensorsTypes.TryParse(field.Dtype, out var type))
        {
            return null;
        }

        fault = $"the shape of '{name}' must have at most {MaxRank} dimensions, each at least 1, and at most {Array.MaxLength} values";
        if (field.Shape.Length > MaxRank || !TryCount(field.Shape, out var elements))
        {
            return null;
        }

        fault = $"the data_offsets of '{name}' must be two, {elements * type.Bytes()} bytes apart";
        return field.Offsets is [>= 0 and var begin, var end] && end >= begin && end - begin == elements * type.Bytes()
            ? new(name, type, [.. field.Shape.Select(size => (int)size)], elements, begin, end)
            : null;
    }

    /// <summary>
    /// The number of values; every factor is checked before it is multiplied, so that overflow cannot yield a small product.
    /// </summary>
    private static bool TryCount(long[] shape, out long elements)
    {
        elements = 1;
        foreach (var size in shape)
        {
            if (size < 1 || size > Array.MaxLength / elements)
            {
                return false;
            }

            elements *= size;
        }

        return true;
    }

    private static bool AreContiguous(List<SafetensorsEntry> entries, long bytes, out string fault)
    {
        var next = 0L;
        foreach (var entry in entries.OrderBy(entry => entry.Begin))
        {
            fault = $"the values of '{entry.Name}' must begin at {next}, where the tensor before them ends, but begin at {entry.Begin}";
            if (entry.Begin != next)
            {
                return false;
            }

            next = entry.End;
        }

        fault = $"its tensors take {next} bytes, but {bytes} follow the header";
        return next == bytes;
    }

    private sealed record Field(
        string Dtype,
        long[] Shape,
        [property: JsonPropertyName("data_offsets")] long[] Offsets);
}

/// <summary>One tensor of the header.</summary>
/// <param name="Name">Unique.</param>
/// <param name="Type">Of its values.</param>
/// <param name="Shape">At most eight dimensions, each at least 1.</param>
/// <param name="Elements">The product of the shape.</param>
/// <param name="Begin">Offset of its first byte, from the end of the header.</param>
/// <param name="End">Offset after its last byte.</param>
internal sealed record SafetensorsEntry(
    string Name, SafetensorsType Type, IReadOnlyList<int> Shape, long Elements, long Begin, long End);
