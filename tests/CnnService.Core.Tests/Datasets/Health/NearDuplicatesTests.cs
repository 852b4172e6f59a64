using CnnService.Core.Common;
using CnnService.Core.Datasets.Health;

namespace CnnService.Core.Tests.Datasets.Health;

/// <summary>Drawn scenes, copied by a resampling of the tests' own.</summary>
public class NearDuplicatesTests
{
    private const int Scenes = 250;
    private const int Copies = 50;

    [Fact]
    public void Find_OfCroppedAndCoarsenedCopies_FindsThemAndNothingElse()
    {
        var squares = Enumerable.Range(0, Scenes).Select(seed => Square((ulong)seed, 0, 0, 1, 1, 240)).ToList();
        for (var copy = 0; copy < Copies; copy++)
        {
            var random = new CounterRandom(9, (ulong)copy);
            var (left, top) = (random.NextDouble(0, 0.05), random.NextDouble(0, 0.05));
            squares.Add(Square((ulong)copy, left, top, left + 0.95, top + 0.95, 70 + random.NextInt32(200)));
        }

        var found = new NearDuplicates([.. squares.Select(PerceptualHash.OfCrops)], index => squares[index]).Find(CancellationToken.None);

        Assert.Equal(
            Enumerable.Range(0, Copies).Select(copy => (copy, Scenes + copy)), found.Pairs.Select(pair => (pair.First, pair.Second)));
        Assert.False(found.IsBounded);
        Assert.True(found.Compared < Scenes * 20, $"{found.Compared} pairs were compared");
    }

    /// <summary>All are one image, whose hashes propose 32 pairs each: hardly more are compared than it takes to join them.</summary>
    [Fact]
    public void Find_OfVeryManyCopies_JoinsAll_AndComparesAFewForEach()
    {
        const int Count = 3000;
        var square = Square(1, 0, 0, 1, 1, 100);
        var hashes = PerceptualHash.OfCrops(square);

        var found = new NearDuplicates([.. Enumerable.Repeat(hashes, Count)], _ => square).Find(CancellationToken.None);

        var sets = new ImageSets(Count);
        foreach (var pair in found.Pairs)
        {
            sets.Join(pair.First, pair.Second);
        }

        Assert.InRange(Enumerable.Range(0, Count).Select(sets.Find).Distinct().Count(), 1, 3);
        Assert.InRange(found.Compared, Count / 2, 4 * Count);
        Assert.True(found.IsBounded);
    }

    [Fact]
    public void Find_OfAnImageThatIsGone_LeavesItOut()
    {
        var square = Square(1, 0, 0, 1, 1, 100);
        var hashes = PerceptualHash.OfCrops(square);

        Assert.Empty(new NearDuplicates([hashes, hashes], index => index == 0 ? square : null).Find(CancellationToken.None).Pairs);
        Assert.Single(new NearDuplicates([hashes, hashes], _ => square).Find(CancellationToken.None).Pairs);
    }

    /// <summary>A part of a scene: rendered at a size of its own, then averaged over the cells of the square.</summary>
    private static LumaSquare Square(ulong seed, double left, double top, double right, double bottom, int pixels)
    {
        var scene = Scene(seed);
        var (sums, counts) = (new double[LumaSquare.Side * LumaSquare.Side], new int[LumaSquare.Side * LumaSquare.Side]);
        for (var y = 0; y < Math.Max(pixels, LumaSquare.Side); y++)
        {
            for (var x = 0; x < Math.Max(pixels, LumaSquare.Side); x++)
            {
                var (u, v) = ((x + 0.5) / Math.Max(pixels, LumaSquare.Side), (y + 0.5) / Math.Max(pixels, LumaSquare.Side));
                var cell = ((int)(v * LumaSquare.Side) * LumaSquare.Side) + (int)(u * LumaSquare.Side);
                sums[cell] += scene(left + (u * (right - left)), top + (v * (bottom - top)));
                counts[cell]++;
            }
        }

        return new([.. sums.Zip(counts, (sum, count) => (byte)Math.Clamp(Math.Round(sum / count), 0, 255))]);
    }

    /// <summary>Twelve discs and stripes on a slope.</summary>
    private static Func<double, double, double> Scene(ulong seed)
    {
        var random = new CounterRandom(1, seed);
        var discs = Enumerable.Range(0, 12).Select(_ => (
            X: random.NextDouble(), Y: random.NextDouble(), Radius: random.NextDouble(0.04, 0.3), Value: random.NextDouble(-90, 90)))
            .ToArray();
        var (slope, wave, turn) = (random.NextDouble(-60, 60), random.NextDouble(5, 25), random.NextDouble(0, 6.3));
        return (x, y) => 120 + (slope * (x - y)) + (20 * Math.Sin((wave * x * Math.Cos(turn)) + (wave * y * Math.Sin(turn))))
            + discs.Sum(disc => double.Hypot(x - disc.X, y - disc.Y) < disc.Radius ? disc.Value : 0);
    }
}
