using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace CnnService.Core.Interpretation;

/// <summary>Arrays of float32 as files for other programs.</summary>
internal static class ArrayFile
{
    /// <summary>Little-endian, in C order, nothing before or between.</summary>
    public static byte[] Floats(ReadOnlySpan<float> values)
    {
        var bytes = new byte[values.Length * sizeof(float)];
        for (var i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), values[i]);
        }

        return bytes;
    }

    /// <summary>NumPy's own file, version 1.0.</summary>
    /// <param name="values">In C order.</param>
    /// <param name="shape">At least two sizes.</param>
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
