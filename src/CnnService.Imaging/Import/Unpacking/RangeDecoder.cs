namespace CnnService.Imaging.Import.Unpacking;

/// <summary>The binary arithmetic decoder of LZMA over one chunk. Throws at the end of the chunk instead of making bits up.</summary>
internal ref struct RangeDecoder
{
    public const ushort EvenChance = 1 << (ModelBits - 1);

    private const int ModelBits = 11;
    private const int MoveBits = 5;
    private const uint Top = 1 << 24;

    private readonly ReadOnlySpan<byte> _input;
    private int _position;
    private uint _range;
    private uint _code;

    /// <exception cref="InvalidDataException">The chunk is too short, or does not begin with zero.</exception>
    public RangeDecoder(ReadOnlySpan<byte> input)
    {
        _input = input;
        _range = uint.MaxValue;
        if (Next() != 0)
        {
            throw Damaged();
        }

        for (var i = 0; i < 4; i++)
        {
            _code = (_code << 8) | Next();
        }
    }

    /// <summary>Whether the chunk ends here, as it must after its last symbol.</summary>
    public bool IsAtEnd()
    {
        Normalize();
        return _code == 0 && _position == _input.Length;
    }

    public int Bit(ref ushort chance)
    {
        Normalize();
        var bound = (_range >> ModelBits) * chance;
        if (_code < bound)
        {
            _range = bound;
            chance += (ushort)(((1 << ModelBits) - chance) >> MoveBits);
            return 0;
        }

        _range -= bound;
        _code -= bound;
        chance -= (ushort)(chance >> MoveBits);
        return 1;
    }

    /// <summary>Bits of even chance, the highest first.</summary>
    public uint DirectBits(int count)
    {
        var result = 0u;
        for (var i = 0; i < count; i++)
        {
            Normalize();
            _range >>= 1;
            var bit = _code >= _range ? 1u : 0u;
            _code -= _range * bit;
            result = (result << 1) | bit;
        }

        return result;
    }

    /// <summary>A symbol of so many bits, the highest first.</summary>
    /// <param name="tree">2^bits chances.</param>
    /// <param name="bits">1 to 8.</param>
    public int Tree(Span<ushort> tree, int bits)
    {
        var symbol = 1;
        for (var i = 0; i < bits; i++)
        {
            symbol = (symbol << 1) | Bit(ref tree[symbol]);
        }

        return symbol - (1 << bits);
    }

    /// <summary>A symbol of so many bits, the lowest first.</summary>
    /// <param name="tree">2^bits chances.</param>
    /// <param name="bits">1 to 8.</param>
    public int ReverseTree(Span<ushort> tree, int bits)
    {
        var (index, symbol) = (1, 0);
        for (var i = 0; i < bits; i++)
        {
            var bit = Bit(ref tree[index]);
            index = (index << 1) | bit;
            symbol |= bit << i;
        }

        return symbol;
    }

    internal static InvalidDataException Damaged() => new("the compressed data are damaged");

    private void Normalize()
    {
        if (_range < Top)
        {
            _range <<= 8;
            _code = (_code << 8) | Next();
        }
    }

    private byte Next() => _position < _input.Length ? _input[_position++] : throw Damaged();
}
