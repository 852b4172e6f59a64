using CnnService.Core.Models;
using CnnService.Core.Tests.Training;

namespace CnnService.Core.Tests.Models;

public sealed class ParityCheckTests
{
    [Theory]
    [InlineData(5)]
    [InlineData(64)]
    [InlineData(200)]
    public void Compare_EveryImageOr64SpreadOverAll_OnceInBothNetworks(int count)
    {
        using var reference = new RunnerOf(first => [first]);
        using var candidate = new RunnerOf(first => [first]);

        var report = Compare(reference, candidate, count);

        Assert.Equal(Math.Min(64, count), report.Images);
        Assert.Equal(Math.Min(64, count), reference.Seen.Distinct().Count());
        Assert.InRange(reference.Seen[^1], count - 4, count - 1);
        Assert.Equal(reference.Seen, candidate.Seen);
        Assert.Equal(0, report.LargestDifference);
    }

    [Fact]
    public void Compare_SmallLogits_AreMeasuredAbsolutely()
    {
        var report = Compare(new RunnerOf(_ => [0.5f, 0.25f]), new RunnerOf(first => [0.5f, first == 3 ? 0.25f + (1f / (1 << 14)) : 0.25f]),
            9);

        Assert.Equal(1.0 / (1 << 14), report.LargestDifference);
        Assert.Equal(1, report.Agreement);
    }

    [Fact]
    public void Compare_LargeLogits_AreMeasuredRelatively()
    {
        var report = Compare(new RunnerOf(_ => [1024f, -4096f]), new RunnerOf(_ => [1024.25f, -4096f]), 9);

        Assert.Equal(0.25 / 4096, report.LargestDifference);
    }

    [Fact]
    public void Compare_OneLogit_AgreesWhereTheSignsDo()
    {
        var report = Compare(new RunnerOf(first => [first == 0 ? 1e-6f : 1f]), new RunnerOf(first => [first == 0 ? -1e-6f : 1f]), 4);

        Assert.Equal(0.75, report.Agreement);
    }

    [Theory]
    [InlineData(1.0002f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Compare_OneImageOff_IsRefused(float candidate)
    {
        using var images = new NumberedImages(20);

        var outcome = ParityCheck.Compare(
            new RunnerOf(_ => [1f]), new RunnerOf(first => [first == 17 ? candidate : 1f]), images, CancellationToken.None);

        Assert.Equal("export.parity", outcome.Problem?.Code);
    }

    [Fact]
    public void Compare_ReferenceWithoutNumbers_IsRefused()
    {
        using var images = new NumberedImages(20);

        var outcome = ParityCheck.Compare(new RunnerOf(_ => [float.NaN]), new RunnerOf(_ => [float.NaN]), images, CancellationToken.None);

        Assert.Equal("export.parity", outcome.Problem?.Code);
    }

    [Fact]
    public void Compare_Cancelled_Throws()
    {
        using var images = new NumberedImages(20);

        Assert.Throws<OperationCanceledException>(() =>
            ParityCheck.Compare(new RunnerOf(_ => [1]), new RunnerOf(_ => [1]), images, new(canceled: true)));
    }

    private static ParityReport Compare(RunnerOf reference, RunnerOf candidate, int count)
    {
        using var images = new NumberedImages(count);
        return ParityCheck.Compare(reference, candidate, images, CancellationToken.None).Value;
    }
}
