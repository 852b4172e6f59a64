using CnnService.Core.Training.Fitting;

namespace CnnService.Core.Tests.Training.Fitting;

/// <summary>Features that are computed once.</summary>
public sealed class FeatureTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

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
    public void Count_TellsTheKeysThatHaveARow_EachOnce()
    {
        var cache = new FeatureCache(_folder["features"], 1 << 20, TimeProvider.System);
        var (a, b, c) = (new string('a', 64), new string('b', 64), new string('c', 64));
        Assert.Equal(0, cache.Count("01", 2, new HashSet<string> { a }));

        cache.Append("01", 2, [new(a, [1, 2]), new(b, [3, 4])]);
        cache.Append("01", 2, [new(a, [1, 2])]);

        Assert.Equal(1, cache.Count("01", 2, new HashSet<string> { a, c }));
        Assert.Equal(2, cache.Count("01", 2, new HashSet<string> { a, b, c }));
        Assert.Equal(0, cache.Count("02", 2, new HashSet<string> { a }));
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
