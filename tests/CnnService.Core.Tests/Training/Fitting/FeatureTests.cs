using CnnService.Core.Training;
using CnnService.Core.Training.Fitting;

namespace CnnService.Core.Tests.Training.Fitting;

/// <summary>Views of images, and features that are computed once.</summary>
public sealed class FeatureTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Draw_Mirrored_TurnsLinesRoundAndKeepsColours()
    {
        byte[] image = [1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17, 18, 19];
        var target = new byte[18];

        FeatureViews.Draw(image, (2, 3, 3), 1, target);

        Assert.Equal([7, 8, 9, 4, 5, 6, 1, 2, 3, 17, 18, 19, 14, 15, 16, 11, 12, 13], target);
    }

    [Theory]
    [InlineData(2, 0.5)]
    [InlineData(4, 0.0)]
    [InlineData(6, 1.0)]
    public void Draw_ACropOfARamp_IsTheRampOfThatPart(int view, double column)
    {
        const int Side = 64;
        byte[] ramp = [.. Enumerable.Range(0, Side * Side).Select(i => (byte)(3 * (i % Side)))];
        var target = new byte[ramp.Length];

        FeatureViews.Draw(ramp, (Side, Side, 1), view, target);

        for (var x = 1; x < Side - 1; x++)
        {
            var place = (0.125 * Side * column) + ((x + 0.5) * 0.875) - 0.5;
            Assert.InRange(target[(10 * Side) + x] - (3 * place), -0.5001, 0.5001);
        }
    }

    [Fact]
    public void Draw_EveryView_IsAnother()
    {
        var image = Enumerable.Range(0, 16 * 16 * 3).Select(i => (byte)(i * 7)).ToArray();
        var views = Enumerable.Range(0, FittedClassifier.MaxViews).Select(view =>
        {
            var target = new byte[image.Length];
            FeatureViews.Draw(image, (16, 16, 3), view, target);
            return Convert.ToHexString(target);
        });

        Assert.Distinct(views);
    }

    [Fact]
    public void Read_TheSameImagesAgain_ComputesNothing()
    {
        var (images, done) = (new NumberedImages(5), new List<int>());
        var (first, second) = (Runner(), Runner());
        string[] hashes = [.. Enumerable.Range(0, 5).Select(i => new string((char)('a' + i), 64))];

        var computed = Read(first, images, hashes, done);
        var again = Read(second, images, hashes, done);
        var other = Read(second, images, [.. hashes.Take(4), new string('f', 64)], done);

        Assert.Equal([0f, 10, 1, 11, 2, 12, 3, 13, 4, 14], computed.Values);
        Assert.Equal(computed.Values, again.Values);
        Assert.Equal(computed.Values, other.Values);
        Assert.Equal([0, 1, 2, 3, 4], first.Seen);
        Assert.Equal([4], second.Seen);
        Assert.Equal(15, done.Sum());
    }

    [Fact]
    public void Read_ARowThatWasCutShort_IsComputedAgain()
    {
        var images = new NumberedImages(3);
        string[] hashes = [.. Enumerable.Range(0, 3).Select(i => new string((char)('a' + i), 64))];
        Read(Runner(), images, hashes, []);
        var file = Assert.Single(Directory.GetFiles(_folder["features"]));
        using (var stream = File.OpenWrite(file))
        {
            stream.SetLength(stream.Length - 3);
        }

        var runner = Runner();
        Assert.Equal([0f, 10, 1, 11, 2, 12], Read(runner, images, hashes, []).Values);
        Assert.Equal([2], runner.Seen);
        var whole = Runner();
        Read(whole, images, hashes, []);
        Assert.Empty(whole.Seen);
    }

    [Fact]
    public void Append_BeyondTheBound_DeletesWhatWasNotUsedLongest()
    {
        var cache = new FeatureCache(_folder["features"], maxBytes: 3 * 40, TimeProvider.System);
        var row = new[] { KeyValuePair.Create(new string('a', 64), new float[] { 1, 2 }) };
        foreach (var way in new[] { "01", "02", "03" })
        {
            cache.Append(way, 2, row);
            File.SetLastWriteTimeUtc(
                Path.Combine(_folder["features"], $"{way}.features"), new(2026, 1, way[1] - '0', 0, 0, 0, DateTimeKind.Utc));
        }

        cache.Append("04", 2, row);

        Assert.Equal(["02", "03", "04"],
            Directory.GetFiles(_folder["features"]).Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Chooses_DrawsAboutHalf_ByTheImageAlone()
    {
        string[] hashes = [.. Enumerable.Range(0, 1000).Select(i => Convert.ToHexStringLower(
            System.Security.Cryptography.SHA256.HashData([(byte)i, (byte)(i >> 8)])))];

        var chosen = hashes.Where(ValidationHalves.Chooses).ToArray();

        Assert.InRange(chosen.Length, 440, 560);
        Assert.Equal(chosen, hashes.Reverse().Where(ValidationHalves.Chooses).Reverse());
    }

    private static RunnerOf Runner() => new(first => [first, first + 10]);

    private FeatureTable Read(RunnerOf runner, NumberedImages images, string[] hashes, List<int> done) =>
        new FeatureReader(new(_folder["features"], 1 << 20, TimeProvider.System), done.Add, CancellationToken.None)
            .Read(images, hashes, 0, new(runner, 2, "0a"));
}
