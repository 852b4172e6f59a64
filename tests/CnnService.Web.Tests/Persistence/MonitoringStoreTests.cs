using CnnService.Web.Persistence;

namespace CnnService.Web.Tests.Persistence;

public sealed class SqliteMonitoringStoreTests() : MonitoringStoreTests(null);

public sealed class PostgresMonitoringStoreTests(PostgresServer server) : MonitoringStoreTests(server);

public abstract class MonitoringStoreTests(PostgresServer? server) : DatabaseTests(server)
{
    [Fact]
    public async Task ShadowCounts_OfManyWritersAtOnce_AddUp()
    {
        var shadow = await Host.Shadows.BeginAsync(new() { Model = "m", Version = 2, Share = 1 });

        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() =>
            Host.Shadows.AddAsync("m", shadow.Since, 1, 2, [Count("cat", "cat", 3), Count("cat", $"dog{i % 2}", 1)]))));

        var row = (await Host.Shadows.FindAsync("m"))!;
        Assert.Equal((8, 16), (row.Dropped, row.Failed));
        var counts = (await Host.Shadows.CountsAsync("m")).OrderBy(count => count.CandidateClass, StringComparer.Ordinal).ToList();
        Assert.Equal([("cat", 24, 12.0), ("dog0", 4, 2.0), ("dog1", 4, 2.0)],
            counts.Select(count => (count.CandidateClass, count.Count, count.Difference)));
    }

    [Fact]
    public async Task ShadowCounts_OfOneThatHasEnded_AreLetGo()
    {
        var first = await Host.Shadows.BeginAsync(new() { Model = "m", Version = 2, Share = 1 });
        var second = await Host.Shadows.BeginAsync(new() { Model = "m", Version = 3, Share = 1 });
        Assert.True(second.Since > first.Since, "two shadows of one moment must be told apart");

        await Host.Shadows.AddAsync("m", first.Since, 1, 0, [Count("cat", "dog", 1)]);
        Assert.Equal(0, (await Host.Shadows.FindAsync("m"))!.Dropped);
        Assert.Empty(await Host.Shadows.CountsAsync("m"));

        await Host.Shadows.AddAsync("m", second.Since, 0, 0, [Count("cat", "dog", 1)]);
        Assert.True(await Host.Shadows.EndAsync("m"));
        Assert.Empty(await Host.Shadows.CountsAsync("m"));
        Assert.False(await Host.Shadows.EndAsync("m"));
    }

    [Fact]
    public async Task ServedCounts_AddUpByHour_AndAreForgotten()
    {
        await Host.Captures.SetAsync(new() { Model = "m", Share = 0, MaxImages = 1, MaxBytes = 1 << 20 });
        var hour = DateTimeOffset.UnixEpoch.AddHours(500_000);
        await Task.WhenAll(
            Enumerable.Range(0, 6)
            .Select(_ => Task.Run(() => Host.Captures.CountAsync("m", 1, [Served(hour, 2), Served(hour.AddHours(1), 5)]))));

        Assert.Equal(12, Assert.Single(await Host.Captures.CountsAsync("m", 1, hour, hour.AddHours(1))).Count);
        Assert.Equal(42, (await Host.Captures.CountsAsync("m", 1, hour, hour.AddHours(2))).Sum(row => row.Count));
        Assert.Equal(6, (await Host.Captures.FindAsync("m"))!.Dropped);
        await Host.Captures.ForgetCountsAsync(hour.AddHours(1));
        Assert.Equal(30, (await Host.Captures.CountsAsync("m", 1, hour, hour.AddHours(2))).Sum(row => row.Count));
        await Host.Captures.ForgetAsync("m");
        Assert.Empty(await Host.Captures.CountsAsync("m", 1, hour, hour.AddHours(2)));
        Assert.Null(await Host.Captures.FindAsync("m"));
    }

    [Fact]
    public async Task Trim_TakesTheOldestUntilNumberAndBytesFit()
    {
        for (var i = 0; i < 40; i++)
        {
            Assert.True(await Host.Captures.AddAsync(Kept($"p{i:00}", 10)));
            Host.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.False(await Host.Captures.AddAsync(Kept("p39", 10)));
        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"p{i:00}"), await Host.Captures.TrimAsync("m", 20, 1000));
        Assert.Equal(["p20", "p21", "p22"], await Host.Captures.TrimAsync("m", 20, 179));
        Assert.Empty(await Host.Captures.TrimAsync("m", 20, 179));
    }

    [Fact]
    public async Task Images_ArePagedByTimeAndByUncertainty()
    {
        foreach (var (id, uncertainty) in new[] { ("a", 0.5), ("b", 0.9), ("c", 0.5), ("d", 0.1) })
        {
            var row = Kept(id, 1);
            row.Uncertainty = uncertainty;
            await Host.Captures.AddAsync(row);
            Host.Clock.Advance(TimeSpan.FromSeconds(id == "a" ? 0 : 1));
        }

        Assert.Equal("d c a b", await AllAsync(byUncertainty: false));
        Assert.Equal("b a c d", await AllAsync(byUncertainty: true));

        async Task<string> AllAsync(bool byUncertainty)
        {
            List<CapturedRow> read = [];
            while (await Host.Captures.ImagesAsync("m", null, byUncertainty, 1, read.LastOrDefault()) is { Count: 1 } page)
            {
                read.AddRange(page);
            }

            return string.Join(' ', read.Select(row => row.Id));
        }
    }

    private static ShadowCountRow Count(string served, string candidate, long count) =>
        new()
        {
            Model = "m",
            Served = 1,
            Candidate = 2,
            ServedClass = served,
            CandidateClass = candidate,
            Count = count,
            Difference = count / 2.0,
        };

    private static ServedCountRow Served(DateTimeOffset hour, long count) =>
        new() { Model = "m", Version = 1, Hour = hour, Label = "cat", Tenth = 9, Count = count };

    private CapturedRow Kept(string id, long bytes) => new()
    {
        Model = "m",
        Id = id,
        Version = 1,
        Label = "cat",
        Top = "[]",
        MediaType = "image/png",
        Bytes = bytes,
        CapturedAt = Host.Clock.GetUtcNow(),
    };
}
