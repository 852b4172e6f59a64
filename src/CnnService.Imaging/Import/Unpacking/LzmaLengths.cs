namespace CnnService.Imaging.Import.Unpacking;

/// <summary>Decodes the lengths of matches: three ranges, of which the shorter two depend on the position.</summary>
internal sealed class LzmaLengths
{
    private const int MinLength = 2;
    private const int ShortBits = 3;
    private const int LongBits = 8;
    private const int Positions = 16;

    private readonly ushort[] _choice = new ushort[2];
    private readonly ushort[] _low = new ushort[Positions << ShortBits];
    private readonly ushort[] _middle = new ushort[Positions << ShortBits];
    private readonly ushort[] _high = new ushort[1 << LongBits];

    public void Reset()
    {
        foreach (var chances in new[] { _choice, _low, _middle, _high })
        {
            Array.Fill(chances, RangeDecoder.EvenChance);
        }
    }

    /// <summary>2 to 273.</summary>
    /// <param name="range">Decodes the bits.</param>
    /// <param name="position">The lowest bits of the position, as the properties say; below 16.</param>
    public int Decode(ref RangeDecoder range, int position)
    {
        if (range.Bit(ref _choice[0]) == 0)
        {
            return MinLength + range.Tree(_low.AsSpan(position << ShortBits, 1 << ShortBits), ShortBits);
        }

        return range.Bit(ref _choice[1]) == 0
            ? MinLength + (1 << ShortBits) + range.Tree(_middle.AsSpan(position << ShortBits, 1 << ShortBits), ShortBits)
            : MinLength + (2 << ShortBits) + range.Tree(_high, LongBits);
    }
}
