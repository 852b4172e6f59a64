namespace CnnService.Core.Common;

/// <summary>
/// Counter-based random numbers: the stream is a pure function of its key, so no generator state has to be stored and the same key gives
/// the same numbers on every machine. Key words are mixed and numbers drawn with SplitMix64 (Steele, Lea and Flood, 2014). A mutable
/// struct: keep it in a local variable.
/// </summary>
public struct CounterRandom
{
    private const ulong Gamma = 0x9E3779B97F4A7C15;

    private ulong _state;
    private double _spare;
    private bool _hasSpare;

    /// <summary>Starts the stream of a key such as (seed, purpose, epoch, step). The order of the words matters.</summary>
    public CounterRandom(params ReadOnlySpan<ulong> key) => _state = Hash(key);

    /// <summary>Mixes key words into one well distributed 64-bit value.</summary>
    public static ulong Hash(params ReadOnlySpan<ulong> key)
    {
        var hash = 0x6A09E667F3BCC909UL;
        foreach (var word in key)
        {
            hash = Mix(hash + Gamma ^ Mix(word + Gamma));
        }

        return hash;
    }

    public ulong NextUInt64()
    {
        _state += Gamma;
        return Mix(_state);
    }

    /// <summary>Uniform in [0, 1), 53 bits.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [low, high).</summary>
    public double NextDouble(double low, double high) => low + ((high - low) * NextDouble());

    /// <summary>Uniform in 0 .. bound-1, without modulo bias beyond 2^-32 (Lemire's multiplication).</summary>
    public int NextInt32(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        return (int)Math.BigMul(NextUInt64(), (ulong)bound, out _);
    }

    /// <summary>Standard normal, by the Box-Muller transform.</summary>
    public double NextGaussian()
    {
        if (_hasSpare)
        {
            _hasSpare = false;
            return _spare;
        }

        var radius = Math.Sqrt(-2 * Math.Log(1 - NextDouble()));
        var (sin, cos) = Math.SinCos(2 * Math.PI * NextDouble());
        _spare = radius * sin;
        _hasSpare = true;
        return radius * cos;
    }

    /// <summary>Shuffles in place (Fisher and Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = NextInt32(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
