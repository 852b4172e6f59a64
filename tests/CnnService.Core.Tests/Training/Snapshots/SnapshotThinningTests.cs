using CnnService.Core.Training.Snapshots;

namespace CnnService.Core.Tests.Training.Snapshots;

public sealed class SnapshotThinningTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(12)]
    [InlineData(23)]
    public void Superfluous_ManyEpochsInFewPlaces_KeepsFirstAndLastAndGapsAlike(int places)
    {
        var kept = new List<int>();
        for (var epoch = 0; epoch <= 400; epoch++)
        {
            kept.Add(epoch);
            if (kept.Count > places)
            {
                Assert.True(kept.Remove(SnapshotThinning.FindRedundant(kept)!.Value));
            }

            Assert.Equal((0, epoch), (kept[0], kept[^1]));
            var even = epoch / (double)Math.Max(1, places - 1);
            var gaps = kept.Zip(kept.Skip(1), (one, next) => next - one).ToArray();
            Assert.True(gaps.Length == 0 || gaps.Max() <= Math.Max(1, Math.Ceiling(2 * even)), $"after {epoch}: {string.Join(' ', kept)}");
        }

        Assert.Equal(places, kept.Count);
    }

    [Fact]
    public void Superfluous_TwoAndFewer_StayBoth()
    {
        Assert.Null(SnapshotThinning.FindRedundant([0, 9]));
        Assert.Null(SnapshotThinning.FindRedundant([]));
        Assert.Equal(3, SnapshotThinning.FindRedundant([0, 3, 9]));
    }

    [Fact]
    public void Choose_FewerThanThereAre_AreEvenWithBothEnds()
    {
        int[] all = [.. Enumerable.Range(0, 21)];
        Assert.Equal([0, 5, 10, 15, 20], SnapshotThinning.SelectEvenly(all, 5));
        Assert.Equal([0, 20], SnapshotThinning.SelectEvenly(all, 2));
        Assert.Equal([20], SnapshotThinning.SelectEvenly(all, 1));
        Assert.Equal(all, SnapshotThinning.SelectEvenly(all, 21));
        Assert.Equal(20, SnapshotThinning.SelectEvenly(all, 20).Distinct().Count());
    }
}
