using System.Numerics;
using CnnService.Core.Common;
using CnnService.Core.Datasets.Health;

namespace CnnService.Core.Tests.Datasets.Health;

/// <summary>Against comparing each pair.</summary>
public class HammingIndexTests
{
    [Theory]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(11)]
    public void Search_FindsAllWithinTheDistanceAndNoOther(int distance)
    {
        var random = new CounterRandom(5);
        var hashes = new ulong[3000];
        for (var i = 0; i < hashes.Length; i++)
        {
            // Every second one is another with some bits turned, so that all distances occur.
            hashes[i] = i % 2 == 0 ? random.NextUInt64() : Turned(hashes[random.NextInt32(i)], random.NextInt32(16), ref random);
        }

        var index = new HammingIndex(hashes, distance);
        for (var i = 0; i < 300; i++)
        {
            var found = new HashSet<(int, int)>();
            index.Search(hashes[i], (member, bits) => found.Add((member, bits)));
            Assert.Equal(
                Enumerable.Range(0, hashes.Length).Select(other => (other, BitOperations.PopCount(hashes[other] ^ hashes[i])))
                    .Where(pair => pair.Item2 <= distance),
                found.Order());
        }

        Assert.False(index.IsBounded);
    }

    [Fact]
    public void Search_AmongEqualHashes_LooksAtABoundedNumberAndTells()
    {
        var index = new HammingIndex([.. Enumerable.Repeat(42UL, 20_000)], 11);
        var found = 0;
        index.Search(42, (_, _) => found++);

        Assert.True(index.IsBounded);
        Assert.InRange(found, 1024, 5000);
    }

    /// <summary>None is equal to another, nearly all are close: as of drawings on white.</summary>
    [Fact]
    public void Search_AmongManyThatAreClose_LooksAtABoundedNumber_TheClosestAmongThem()
    {
        var random = new CounterRandom(6);
        var hashes = new ulong[20_000];
        for (var i = 0; i < hashes.Length; i++)
        {
            hashes[i] = Turned(42, 4 + random.NextInt32(6), ref random);
        }

        hashes[^1] = hashes[0] ^ 1;
        var index = new HammingIndex(hashes, 11);
        var found = new List<(int Member, int Bits)>();
        index.Search(hashes[0], (member, bits) => found.Add((member, bits)));

        Assert.True(index.IsBounded);
        Assert.InRange(found.Count, 100, 4096);
        Assert.Contains((hashes.Length - 1, 1), found);
    }

    private static ulong Turned(ulong hash, int bits, ref CounterRandom random)
    {
        for (var left = bits; left > 0; left--)
        {
            hash ^= 1UL << random.NextInt32(64);
        }

        return hash;
    }
}
