using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace CnnService.Studio.Parts.Rasters;

/// <summary>A map of numbers: a feature map, a channel, a kernel.</summary>
/// <param name="Values">Row by row.</param>
/// <param name="Width">Cells of a row.</param>
public sealed partial record NumberMap(float[] Values, int Width)
{
    private const int Levels = 255;

    /// <summary>Signature, version, length of the header.</summary>
    private const int NpyHeaderStart = 10;

    private static ReadOnlySpan<byte> NpySignature => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1];

    public int Height => Values.Length / Width;

    public float Min { get; } = Values.Length == 0 ? 0 : Values.Min();

    public float Max { get; } = Values.Length == 0 ? 0 : Values.Max();

    public float this[int row, int column] => Values[(row * Width) + column];

    /// <summary>Maps that follow each other in the bytes of float32 numbers: <c>[maps, height, width]</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The bytes are no whole number of maps.</exception>
    public static IReadOnlyList<NumberMap> Split(ReadOnlySpan<byte> bytes, int height, int width)
    {
        var numbers = MemoryMarshal.Cast<byte, float>(bytes);
        ArgumentOutOfRangeException.ThrowIfNotEqual(numbers.Length % (height * width), 0);
        var maps = new NumberMap[numbers.Length / (height * width)];
        for (var i = 0; i < maps.Length; i++)
        {
            maps[i] = new(numbers.Slice(i * height * width, height * width).ToArray(), width);
        }

        return maps;
    }

    /// <summary>The one map of a NumPy file of float32, <c>[height, width]</c>.</summary>
    /// <exception cref="FormatException">The file is none, or holds something else.</exception>
    public static NumberMap OfNpy(byte[] file)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (!file.AsSpan().StartsWith(NpySignature) || file.Length < NpyHeaderStart)
        {
            throw new FormatException("The map is no NumPy file.");
        }

        var start = NpyHeaderStart + BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(NpyHeaderStart - 2));
        var shape = NpyShape().Match(Encoding.ASCII.GetString(file, NpyHeaderStart, start - NpyHeaderStart));
        return shape.Success
            ? Split(file.AsSpan(start), Number(shape.Groups["height"]), Number(shape.Groups["width"]))[0]
            : throw new FormatException("The file is no map of float32 numbers.");
    }

    /// <summary>Drawn from no activation (dark) to the largest one given: of this map, or of all that are compared.</summary>
    /// <param name="largest">The value of the brightest colour; null: the map's own largest.</param>
    public string ToAddress(float? largest = null) => Draw(Palette.Viridis, 0, Math.Max(largest ?? Max, float.Epsilon));

    /// <summary>Drawn with blue below and red above 0.</summary>
    /// <param name="largest">The size of the strongest colours; null: the map's own.</param>
    public string ToSignedAddress(float? largest = null)
    {
        var bound = Math.Max(largest ?? Math.Max(Max, -Min), float.Epsilon);
        return Draw(Palette.BlueRed, -bound, bound);
    }

    /// <summary>Drawn from black (<paramref name="low"/>) to white.</summary>
    public string ToGrayAddress(float low = 0, float high = 1) => Draw(Palette.Gray, low, high);

    [GeneratedRegex(@"'<f4'.*'shape': \((?<height>\d+), (?<width>\d+)\)")]
    private static partial Regex NpyShape();

    private static int Number(Group digits) => int.Parse(digits.ValueSpan, CultureInfo.InvariantCulture);

    private string Draw(Palette palette, float low, float high)
    {
        var levels = new byte[Values.Length];
        for (var i = 0; i < levels.Length; i++)
        {
            levels[i] = (byte)Math.Clamp(MathF.Round(Levels * (Values[i] - low) / (high - low)), 0, Levels);
        }

        return PngFile.ToAddress(PngFile.EncodeIndexed(levels, Width, palette));
    }
}
