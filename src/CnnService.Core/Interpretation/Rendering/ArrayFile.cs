using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace CnnService.Core.Interpretation.Rendering;

/// <summary>Writes float32 arrays in formats that other programs read.</summary>
internal static class ArrayFile
{
    /// <summary>Raw little-endian float32 in C order, without a header.</summary>
    public static byte[] Floats(ReadOnlySpan<float> values)
    {
        var bytes = new byte[values.Length * sizeof(float)];
        for (var i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), values[i]);
        }

        return bytes;
    }

    /// <summary>NumPy's <c>.npy</c> format, version 1.0.</summary>
    /// <param name="values">Elements in C order.</param>
    /// <param name="shape">Dimensions, at least two.</param>
    public static byte[] Npy(ReadOnlySpan<float> values, params ReadOnlySpan<int> shape)
    {
        const int Alignment = 64;
        const int Before = 10;
        var sizes = string.Join(", ", shape.ToArray().Select(size => size.ToString(CultureInfo.InvariantCulture)));
        var header = $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({sizes}), }}";
        header = header.PadRight(header.Length + Alignment - 1 - ((Before + header.Length) % Alignment)) + "\n";
        Span<byte> length = stackalloc byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)header.Length);
        return [0x93, .. "NUMPY"u8, 1, 0, .. length, .. Encoding.ASCII.GetBytes(header), .. Floats(values)];
    }
}
