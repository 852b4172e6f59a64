using System.Runtime.InteropServices;

namespace CnnService.Core.Models;

/// <summary>The values of a safetensors file: little endian, row-major.</summary>
internal static class SafetensorsValues
{
    private const int Chunk = 1 << 14;

    public static void Write(Stream stream, ReadOnlySpan<float> values)
    {
        for (; values.Length > 0; values = values[Math.Min(values.Length, Chunk)..])
        {
            stream.Write(MemoryMarshal.AsBytes(values[..Math.Min(values.Length, Chunk)]));
        }
    }

    /// <summary>Reads values of a floating-point type and converts them to float32.</summary>
    public static float[] Read(Stream stream, SafetensorsType type, int count) => type switch
    {
        SafetensorsType.F32 => Read<float>(stream, count, value => value),
        SafetensorsType.F64 => Read<double>(stream, count, value => (float)value),
        SafetensorsType.F16 => Read<Half>(stream, count, value => (float)value),
        SafetensorsType.BF16 => Read<ushort>(stream, count, value => BitConverter.UInt32BitsToSingle((uint)value << 16)),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "is not a float type"),
    };

    private static float[] Read<T>(Stream stream, int count, Func<T, float> convert)
        where T : unmanaged
    {
        var values = new float[count];
        if (values is T[] same)
        {
            ReadExactly(stream, same);
            return values;
        }

        var chunk = new T[Math.Min(count, Chunk)];
        for (var done = 0; done < count; done += chunk.Length)
        {
            var part = chunk.AsSpan(0, Math.Min(chunk.Length, count - done));
            ReadExactly(stream, part);
            for (var i = 0; i < part.Length; i++)
            {
                values[done + i] = convert(part[i]);
            }
        }

        return values;
    }

    // Read in chunks, since a span of bytes is limited to 2^31-1 and a tensor is not.
    private static void ReadExactly<T>(Stream stream, Span<T> values)
        where T : unmanaged
    {
        for (; values.Length > 0; values = values[Math.Min(values.Length, Chunk)..])
        {
            stream.ReadExactly(MemoryMarshal.AsBytes(values[..Math.Min(values.Length, Chunk)]));
        }
    }
}
