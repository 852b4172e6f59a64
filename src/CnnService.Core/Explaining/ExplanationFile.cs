using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Visualization;

namespace CnnService.Core.Explaining;

/// <summary>Writes an explanation in one of its forms.</summary>
internal static class ExplanationFile
{
    /// <summary>The figures and the map.</summary>
    public static byte[] Json(ExplainPlan plan, Explanation map) => JsonSerializer.SerializeToUtf8Bytes(
        ExplanationResult.Of(plan, map) with { Values = [.. map.Values.Chunk(map.Width)] }, CoreJson.Options);

    /// <summary>The map as little-endian float32, row by row.</summary>
    public static byte[] Floats(Explanation map)
    {
        var bytes = new byte[map.Values.Count * sizeof(float)];
        for (var i = 0; i < map.Values.Count; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), map.Values[i]);
        }

        return bytes;
    }

    /// <summary>The map as NumPy's own file, version 1.0.</summary>
    public static byte[] Npy(Explanation map)
    {
        const int Alignment = 64;
        const int Before = 10;
        var header = string.Create(CultureInfo.InvariantCulture, $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({map.Height}, {map.Width}), }}");
        header = header.PadRight(header.Length + Alignment - 1 - ((Before + header.Length) % Alignment)) + "\n";
        Span<byte> length = stackalloc byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)header.Length);
        return [0x93, .. "NUMPY"u8, 1, 0, .. length, .. Encoding.ASCII.GetBytes(header), .. Floats(map)];
    }

    /// <summary>The picture, its figures in text chunks.</summary>
    public static byte[] Png(ExplainPlan plan, Explanation map, PixelBuffer picture, IPngEncoder encoder)
    {
        var result = JsonSerializer.SerializeToElement(ExplanationResult.Of(plan, map), CoreJson.Options);
        return encoder.Encode(picture,
        [
            .. result.EnumerateObject()
                .Where(field => field.Value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Null))
                .Select(field => PictureText.Of(field.Name, field.Value.ToString())),
            .. map.Figures.Select(figure => PictureText.Of(figure.Key, figure.Value.ToString("R", CultureInfo.InvariantCulture))),
        ]);
    }
}
