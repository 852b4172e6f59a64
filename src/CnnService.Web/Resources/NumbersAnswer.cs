using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace CnnService.Web.Resources;

/// <summary>Answers with float32 numbers, little endian, the last axis running fastest.</summary>
internal static class NumbersAnswer
{
    private const int Alignment = 64;

    /// <param name="format"><c>npy</c> (NumPy's file format, version 1) or <c>f32</c> (the numbers alone).</param>
    /// <param name="values">As many as the shape says.</param>
    /// <param name="shape">Sizes of the axes.</param>
    public static IResult File(string format, ReadOnlySpan<float> values, params ReadOnlySpan<int> shape)
    {
        var numbers = MemoryMarshal.AsBytes(values);
        return TypedResults.File(format == "npy" ? [.. NpyHeader(shape), .. numbers] : numbers.ToArray(), "application/octet-stream", $"numbers.{format}");
    }

    private static byte[] NpyHeader(ReadOnlySpan<int> shape)
    {
        var sizes = string.Concat(shape.ToArray().Select(size => size.ToString(CultureInfo.InvariantCulture) + ", "));
        var text = $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({sizes}), }}";
        var padding = Alignment - ((10 + text.Length + 1) % Alignment);
        text = text + new string(' ', padding) + "\n";
        return [0x93, .. "NUMPY"u8, 1, 0, (byte)text.Length, (byte)(text.Length >> 8), .. Encoding.ASCII.GetBytes(text)];
    }
}
