namespace CnnService.Imaging.Import.Unpacking;

/// <summary>A cyclic redundancy check with reflected bits, as xz has them.</summary>
/// <param name="polynomial">With its bits reversed.</param>
/// <param name="bytes">Length of the check: 4 or 8.</param>
internal sealed class ReflectedCrc(ulong polynomial, int bytes)
{
    private const ulong Polynomial32 = 0xEDB88320;
    private const ulong Polynomial64 = 0xC96C5795D7870F42;

    private readonly ulong[] _table = [.. Enumerable.Range(0, 256).Select(value => Entry((ulong)value, polynomial))];
    private readonly ulong _inverted = bytes == 8 ? ulong.MaxValue : uint.MaxValue;
    private ulong _state = ulong.MaxValue;

    /// <summary>CRC-32 of IEEE 802.3.</summary>
    public static ReflectedCrc Of32Bits() => new(Polynomial32, 4);

    /// <summary>CRC-64 of ECMA-182.</summary>
    public static ReflectedCrc Of64Bits() => new(Polynomial64, 8);

    /// <summary>The check of what was appended since the start.</summary>
    public ulong Value => (_state & _inverted) ^ _inverted;

    public static uint Compute32(ReadOnlySpan<byte> data)
    {
        var crc = Of32Bits();
        crc.Append(data);
        return (uint)crc.Value;
    }

    public void Append(ReadOnlySpan<byte> data)
    {
        var state = _state & _inverted;
        foreach (var value in data)
        {
            state = _table[(byte)(state ^ value)] ^ (state >> 8);
        }

        _state = state;
    }

    private static ulong Entry(ulong value, ulong polynomial)
    {
        for (var bit = 0; bit < 8; bit++)
        {
            value = (value & 1) == 0 ? value >> 1 : (value >> 1) ^ polynomial;
        }

        return value;
    }
}
