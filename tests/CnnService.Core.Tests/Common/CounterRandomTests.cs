using CnnService.Core.Common;

namespace CnnService.Core.Tests.Common;

public sealed class CounterRandomTests
{
    // The first numbers of SplitMix64 from state 0, as in the reference program of Sebastiano Vigna (prng.di.unimi.it).
    private static readonly ulong[] FromStateZero = [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F, 0xF88BB8A8724C81EC];

    [Fact]
    public void NextUInt64_StateZero_IsTheReferenceSequence()
    {
        var random = default(CounterRandom);

        ulong[] drawn = [random.NextUInt64(), random.NextUInt64(), random.NextUInt64(), random.NextUInt64()];

        Assert.Equal(FromStateZero, drawn);
    }

    [Fact]
    public void Constructor_SameKey_GivesTheSameStream()
    {
        var one = new CounterRandom(42, 1, 2);
        var other = new CounterRandom(42, 1, 2);

        Assert.Equal(Draw(ref one, 100), Draw(ref other, 100));
    }

    [Fact]
    public void Hash_NeighbouringKeys_DifferInHalfOfTheirBits()
    {
        var flipped = 0;
        for (var i = 0UL; i < 1000; i++)
        {
            flipped += System.Numerics.BitOperations.PopCount(CounterRandom.Hash(7, i) ^ CounterRandom.Hash(7, i + 1));
        }

        // Binomial: mean 32, standard deviation of the mean 4/sqrt(1000) = 0.13.
        Assert.InRange(flipped / 1000.0, 31.3, 32.7);
    }

    [Fact]
    public void Hash_OrderAndLengthOfTheKey_Matter()
    {
        ulong[] hashes = [CounterRandom.Hash(), CounterRandom.Hash(0), CounterRandom.Hash(0, 0), CounterRandom.Hash(1, 2),
            CounterRandom.Hash(2, 1)];

        Assert.Equal(hashes.Length, hashes.Distinct().Count());
    }

    [Fact]
    public void NextInt32_ManyDraws_AreUniform()
    {
        var random = new CounterRandom(1);
        var counts = new int[10];
        for (var i = 0; i < 100_000; i++)
        {
            counts[random.NextInt32(10)]++;
        }

        // Chi square with 9 degrees of freedom: above 33.7 in one of 10,000 seeds.
        Assert.InRange(counts.Sum(count => (count - 10_000.0) * (count - 10_000.0) / 10_000), 0, 33.7);
    }

    [Fact]
    public void NextInt32_NoBound_Throws()
    {
        var random = new CounterRandom(1);

        Assert.Throws<ArgumentOutOfRangeException>(() => random.NextInt32(0));
    }

    [Fact]
    public void NextDouble_ManyDraws_LieInTheHalfOpenInterval()
    {
        var random = new CounterRandom(2);
        var draws = Enumerable.Range(0, 100_000).Select(_ => random.NextDouble()).ToList();

        Assert.All(draws, draw => Assert.True(draw is >= 0 and < 1));
        Assert.InRange(draws.Average(), 0.496, 0.504);
    }

    [Fact]
    public void NextGaussian_ManyDraws_HaveTheMomentsOfTheNormal()
    {
        var random = new CounterRandom(3);
        var draws = Enumerable.Range(0, 100_000).Select(_ => random.NextGaussian()).ToList();

        Assert.InRange(draws.Average(), -0.015, 0.015);
        Assert.InRange(draws.Average(draw => draw * draw), 0.98, 1.02);
        Assert.InRange(draws.Average(draw => draw * draw * draw * draw), 2.85, 3.15);
    }

    [Fact]
    public void Shuffle_ThreeItems_GivesEachOrderEquallyOften()
    {
        var random = new CounterRandom(4);
        var counts = new Dictionary<string, int>();
        for (var i = 0; i < 60_000; i++)
        {
            char[] items = ['a', 'b', 'c'];
            random.Shuffle<char>(items);
            counts[new(items)] = counts.GetValueOrDefault(new(items)) + 1;
        }

        Assert.Equal(6, counts.Count);
        Assert.All(counts.Values, count => Assert.InRange(count, 9_600, 10_400));
    }

    private static ulong[] Draw(ref CounterRandom random, int count)
    {
        var drawn = new ulong[count];
        for (var i = 0; i < count; i++)
        {
            drawn[i] = random.NextUInt64();
        }

        return drawn;
    }
}
