using System.Numerics;

namespace CnnService.Core.Datasets.Health;

/// <summary>
/// Finds all hashes within a distance of another without comparing each pair: multi-index hashing (Norouzi, Punjani, Fleet, CVPR 2012).
/// The 64 bits are four bands of 16; hashes that differ in at most 4r + 3 bits agree, in at least one band, up to r bits. Thread safe.
/// </summary>
internal sealed class HammingIndex
{
    private const int Bands = 4;
    private const int BandBits = 16;

    /// <summary>
    /// Entries of one bucket that are looked at. Where more agree in a quarter of their bits, the images have little in them (a blank page,
    /// a symbol on white), and the rest would cost the square of their number.
    /// </summary>
    private const int MaxBucket = 1024;

    /// <summary>Entries that one search looks at in any case, and how many times those that evenly spread hashes would need.</summary>
    private const int MinLooked = 4096;
    private const int LookedTimes = 4;

    private readonly ulong[] _hashes;
    private readonly int[][] _starts = new int[Bands][];
    private readonly int[][] _members = new int[Bands][];
    private readonly ushort[] _masks;
    private readonly int _distance;
    private readonly int _maxLooked;

    /// <param name="hashes">The hashes to search.</param>
    /// <param name="distance">Most bits in which a hash found may differ, 0 to 11.</param>
    public HammingIndex(ulong[] hashes, int distance)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(distance, (Bands * 2) + Bands - 1);
        (_hashes, _distance) = (hashes, distance);
        _masks = [.. Enumerable.Range(0, 1 << BandBits).Select(mask => (ushort)mask)
            .Where(mask => BitOperations.PopCount(mask) <= distance / Bands).OrderBy(mask => BitOperations.PopCount(mask))];
        var expected = (long)hashes.Length * Bands * _masks.Length >> BandBits;
        _maxLooked = (int)Math.Clamp(LookedTimes * expected, MinLooked, int.MaxValue);
        for (var band = 0; band < Bands; band++)
        {
            Fill(band);
        }
    }

    /// <summary>True once there was more than is looked at, in a bucket or in a search; pairs may then be missing.</summary>
    public bool IsBounded { get; private set; }

    /// <summary>
    /// Calls back with the index of every hash within the distance; with some more than once. Where so many are close that not all are
    /// looked at, those that agree in a quarter of their bits come first.
    /// </summary>
    public void Search(ulong hash, Action<int, int> found)
    {
        var left = _maxLooked;
        foreach (var mask in _masks)
        {
            for (var band = 0; band < Bands; band++)
            {
                var bucket = Bucket(band, Key(hash, band) ^ mask);
                if (bucket.Length > left)
                {
                    bucket = bucket[..left];
                    IsBounded = true;
                }

                left -= bucket.Length;
                foreach (var member in bucket)
                {
                    if (BitOperations.PopCount(_hashes[member] ^ hash) is var distance && distance <= _distance)
                    {
                        found(member, distance);
                    }
                }
            }
        }
    }

    private static int Key(ulong hash, int band) => (int)(hash >> (band * BandBits)) & ((1 << BandBits) - 1);

    /// <summary>Counting sort of all hashes by one band.</summary>
    private void Fill(int band)
    {
        var starts = _starts[band] = new int[(1 << BandBits) + 1];
        foreach (var hash in _hashes)
        {
            starts[Key(hash, band) + 1]++;
        }

        for (var key = 0; key < 1 << BandBits; key++)
        {
            IsBounded |= starts[key + 1] > MaxBucket;
            starts[key + 1] += starts[key];
        }

        var members = _members[band] = new int[_hashes.Length];
        var next = starts.ToArray();
        for (var i = 0; i < _hashes.Length; i++)
        {
            members[next[Key(_hashes[i], band)]++] = i;
        }
    }

    private ReadOnlySpan<int> Bucket(int band, int key)
    {
        var starts = _starts[band];
        return _members[band].AsSpan(starts[key], Math.Min(MaxBucket, starts[key + 1] - starts[key]));
    }
}
