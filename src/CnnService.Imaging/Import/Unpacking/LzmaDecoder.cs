namespace CnnService.Imaging.Import.Unpacking;

/// <summary>
/// Decodes chunks of LZMA (I. Pavlov, LZMA specification) as LZMA2 holds them: each chunk's size is known, and no match leaves it.
/// </summary>
internal sealed class LzmaDecoder
{
    private const int States = 12;
    private const int LiteralStates = 7;
    private const int PositionBits = 4;
    private const int LiteralSize = 0x300;
    private const int LengthClasses = 4;
    private const int SlotBits = 6;
    private const int AlignBits = 4;
    private const int FirstModelSlot = 4;
    private const int FirstDirectSlot = 14;
    private const int FullDistances = 1 << (FirstDirectSlot >> 1);

    private readonly ushort[] _isMatch = new ushort[States << PositionBits];
    private readonly ushort[] _isRep = new ushort[States];
    private readonly ushort[] _isRep0 = new ushort[States];
    private readonly ushort[] _isRep1 = new ushort[States];
    private readonly ushort[] _isRep2 = new ushort[States];
    private readonly ushort[] _isRep0Long = new ushort[States << PositionBits];
    private readonly ushort[] _slots = new ushort[LengthClasses << SlotBits];
    private readonly ushort[] _distances = new ushort[1 + FullDistances - FirstDirectSlot];
    private readonly ushort[] _align = new ushort[1 << AlignBits];
    private readonly LzmaLengths _matchLengths = new();
    private readonly LzmaLengths _repLengths = new();
    private readonly uint[] _reps = new uint[4];
    private ushort[] _literals = [];
    private int _literalContextBits;
    private int _literalPositionMask;
    private int _positionMask;
    private int _state;

    /// <summary>Takes the properties byte of a chunk, and resets.</summary>
    /// <exception cref="InvalidDataException">It is none of LZMA2.</exception>
    public void SetProperties(byte properties)
    {
        var (lc, lp, pb) = (properties % 9, properties / 9 % 5, properties / 45);
        if (pb > PositionBits || lc + lp > 4)
        {
            throw RangeDecoder.Damaged();
        }

        (_literalContextBits, _literalPositionMask, _positionMask) = (lc, (1 << lp) - 1, (1 << pb) - 1);
        _literals = new ushort[LiteralSize << (lc + lp)];
        Reset();
    }

    /// <summary>Forgets what the chances were adapted to.</summary>
    public void Reset()
    {
        foreach (var chances in new[] { _isMatch, _isRep, _isRep0, _isRep1, _isRep2, _isRep0Long, _slots, _distances, _align, _literals })
        {
            Array.Fill(chances, RangeDecoder.EvenChance);
        }

        _matchLengths.Reset();
        _repLengths.Reset();
        Array.Clear(_reps);
        _state = 0;
    }

    /// <summary>Decodes a chunk into the window.</summary>
    /// <param name="chunk">The whole compressed chunk.</param>
    /// <param name="window">Former output, then space for this chunk's.</param>
    /// <param name="first">Index of the oldest byte that a match may refer to.</param>
    /// <param name="start">Index of the chunk's first byte.</param>
    /// <param name="end">Index after its last byte.</param>
    /// <param name="before">Number of bytes since the dictionary's last reset, before this chunk.</param>
    /// <exception cref="InvalidDataException">The chunk is damaged.</exception>
    public void Decode(ReadOnlySpan<byte> chunk, byte[] window, int first, int start, int end, long before)
    {
        var range = new RangeDecoder(chunk);
        for (var at = start; at < end;)
        {
            var position = before + (at - start);
            var place = (int)position & _positionMask;
            if (range.Bit(ref _isMatch[(_state << PositionBits) + place]) == 0)
            {
                window[at] = Literal(ref range, window, first, at, (int)position);
                at++;
                continue;
            }

            var length = range.Bit(ref _isRep[_state]) == 0 ? Match(ref range, place) : Repetition(ref range, place);
            if (_reps[0] >= at - first || length > end - at)
            {
                throw RangeDecoder.Damaged();
            }

            for (var from = at - (int)_reps[0] - 1; length > 0; length--)
            {
                window[at++] = window[from++];
            }
        }

        if (!range.IsAtEnd())
        {
            throw RangeDecoder.Damaged();
        }
    }

    private byte Literal(ref RangeDecoder range, byte[] window, int first, int at, int position)
    {
        var before = at > first ? window[at - 1] : 0;
        var context = ((position & _literalPositionMask) << _literalContextBits) + (before >> (8 - _literalContextBits));
        var chances = _literals.AsSpan(LiteralSize * context, LiteralSize);
        var symbol = 1;
        if (_state >= LiteralStates)
        {
            if (_reps[0] >= at - first)
            {
                throw RangeDecoder.Damaged();
            }

            int expected = window[at - (int)_reps[0] - 1];
            while (symbol < 0x100)
            {
                var wanted = (expected >> 7) & 1;
                expected <<= 1;
                var bit = range.Bit(ref chances[((1 + wanted) << 8) + symbol]);
                symbol = (symbol << 1) | bit;
                if (bit != wanted)
                {
                    break;
                }
            }
        }

        while (symbol < 0x100)
        {
            symbol = (symbol << 1) | range.Bit(ref chances[symbol]);
        }

        _state = _state < 4 ? 0 : _state < 10 ? _state - 3 : _state - 6;
        return (byte)symbol;
    }

    /// <summary>A match of a new distance; its length.</summary>
    private int Match(ref RangeDecoder range, int place)
    {
        (_reps[3], _reps[2], _reps[1]) = (_reps[2], _reps[1], _reps[0]);
        var length = _matchLengths.Decode(ref range, place);
        _state = _state < LiteralStates ? 7 : 10;
        var lengthClass = Math.Min(length - 2, LengthClasses - 1);
        var slot = range.Tree(_slots.AsSpan(lengthClass << SlotBits, 1 << SlotBits), SlotBits);
        if (slot < FirstModelSlot)
        {
            _reps[0] = (uint)slot;
            return length;
        }

        var bits = (slot >> 1) - 1;
        var distance = (2u | ((uint)slot & 1)) << bits;
        _reps[0] = slot < FirstDirectSlot
            ? distance + (uint)range.ReverseTree(_distances.AsSpan((int)distance - slot), bits)
            : distance + (range.DirectBits(bits - AlignBits) << AlignBits) + (uint)range.ReverseTree(_align, AlignBits);
        return length;
    }

    /// <summary>A match of one of the last four distances, which becomes the last; its length.</summary>
    private int Repetition(ref RangeDecoder range, int place)
    {
        if (range.Bit(ref _isRep0[_state]) == 0)
        {
            if (range.Bit(ref _isRep0Long[(_state << PositionBits) + place]) == 0)
            {
                _state = _state < LiteralStates ? 9 : 11;
                return 1;
            }
        }
        else
        {
            var which = range.Bit(ref _isRep1[_state]) == 0 ? 1 : range.Bit(ref _isRep2[_state]) == 0 ? 2 : 3;
            var distance = _reps[which];
            Array.Copy(_reps, 0, _reps, 1, which);
            _reps[0] = distance;
        }

        _state = _state < LiteralStates ? 8 : 11;
        return _repLengths.Decode(ref range, place);
    }
}
